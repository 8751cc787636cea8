"""Permissions (权限) as data: each a code and a title. Roles list them; verbs and routes name them."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """What somebody may do (权限)."""

    SEE_CHILDREN = "see_children"
    SEE_FIGURES = "see_figures"
    OPEN_WITH_PURPOSE = "open_with_purpose"
    REVEAL = "reveal"
    REVEAL_CONTACT = "reveal_contact"
    COMPLETE = "complete"
    COMPLETE_ID = "complete_id"
    IMPORT_CHILDREN = "import_children"
    ADMIT_CHILDREN = "admit_children"
    SEE_TRAIL = "see_trail"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SYSTEM = "manage_system"
    MANAGE_DIVISIONS = "manage_divisions"
    KEEP_PAYEES = "keep_payees"
    CHANGE_CHILDREN = "change_children"
    CHANGE_IDENTITY = "change_identity"
    CLOSE_CHILDREN = "close_children"
    CONFIRM_CHANGES = "confirm_changes"
    SEE_SENSITIVE = "see_sensitive"
    SEE_SECRET = "see_secret"
    SEE_LOOKS = "see_looks"
    ADD_EVIDENCE = "add_evidence"
    JUDGE_PAIRS = "judge_pairs"
    BRING_TOGETHER = "bring_together"
    OPEN_IN_EMERGENCY = "open_in_emergency"
    REVIEW_EMERGENCIES = "review_emergencies"
    BIND_PHONES = "bind_phones"
    EXPORT_ROSTER = "export_roster"
    EXPORT_VISITING = "export_visiting"
    EXPORT_COMPARISON = "export_comparison"
    EXPORT_CARE = "export_care"
    EXPORT_NATIONAL = "export_national"
    PRINT_FILE = "print_file"
    PRINT_VISIT = "print_visit"
    PRINT_FAMILY = "print_family"
    PRINT_CARE = "print_care"
    DECIDE_COPIES = "decide_copies"
    WITHDRAW_DOCUMENTS = "withdraw_documents"
    TRY_LAW = "try_law"
    LOAD_HOLIDAYS = "load_holidays"
    APPLY = "apply"
    ACCEPT_APPLICATIONS = "accept_applications"
    CHECK_APPLICATIONS = "check_applications"
    DECIDE_APPLICATIONS = "decide_applications"
    ENTER_NATIONAL = "enter_national"
    REVIEW_RECOGNITIONS = "review_recognitions"
    END_RECOGNITIONS = "end_recognitions"
    KEEP_ORGANISATIONS = "keep_organisations"
    RECORD_VISITS = "record_visits"
    PLACE_CHILDREN = "place_children"
    SIGN_AGREEMENTS = "sign_agreements"
    CHECK_DATA = "check_data"
    KEEP_FUNDS = "keep_funds"
    CONFIRM_FUNDS = "confirm_funds"
    PREPARE_RUNS = "prepare_runs"
    APPROVE_RUNS = "approve_runs"
    PAY_BATCHES = "pay_batches"
    SEE_PAYMENTS = "see_payments"
    TAKE_LISTS = "take_lists"
    RULE_ON_LISTS = "rule_on_lists"
    LOOK_INTO_LEADS = "look_into_leads"
    PROPOSE_STANDARDS = "propose_standards"
    CONFIRM_STANDARDS = "confirm_standards"


TITLES = {
    Permission.SEE_CHILDREN: _("See the children of the jurisdiction"),
    Permission.SEE_FIGURES: _("See figures of the jurisdiction"),
    Permission.OPEN_WITH_PURPOSE: _("Open a single child for a stated purpose"),
    Permission.REVEAL: _("Show an ID number, each time recorded"),
    Permission.REVEAL_CONTACT: _("Show a telephone number or an address, each time recorded"),
    Permission.COMPLETE: _("Fill in a telephone number that is missing"),
    Permission.COMPLETE_ID: _("Fill in an ID number that is missing"),
    Permission.IMPORT_CHILDREN: _("Import workbooks of children"),
    Permission.ADMIT_CHILDREN: _("Admit or withdraw what somebody else imported"),
    Permission.SEE_TRAIL: _("See who looked and who did what"),
    Permission.MANAGE_PEOPLE: _("Manage accounts and postings"),
    Permission.MANAGE_SYSTEM: _("Watch over the system's health"),
    Permission.MANAGE_DIVISIONS: _("Recode divisions"),
    Permission.KEEP_PAYEES: _("Open, change and close payees and their bank cards"),
    Permission.CHANGE_CHILDREN: _("Enter, change and move children"),
    Permission.CHANGE_IDENTITY: _("Change a child's name, sex, birth date or ID number"),
    Permission.CLOSE_CHILDREN: _("Close a child's file and reopen it"),
    Permission.CONFIRM_CHANGES: _("Confirm a change that somebody else proposed"),
    Permission.SEE_SENSITIVE: _("See sensitive fields"),
    Permission.SEE_SECRET: _("See secret fields of a child opened to the person by name"),
    Permission.SEE_LOOKS: _("See who looked at a child"),
    Permission.ADD_EVIDENCE: _("Add evidence to a file"),
    Permission.JUDGE_PAIRS: _("Say whether two files are one child"),
    Permission.BRING_TOGETHER: _("Bring two files of different places together"),
    Permission.OPEN_IN_EMERGENCY: _("Open the file of another place in an emergency"),
    Permission.REVIEW_EMERGENCIES: _("Review what was opened in an emergency"),
    Permission.BIND_PHONES: _("Bind the phones of village child directors"),
    Permission.EXPORT_ROSTER: _("Export working lists"),
    Permission.EXPORT_VISITING: _("Export lists for visits, with telephones and addresses"),
    Permission.EXPORT_COMPARISON: _("Export lists with ID numbers, for comparison with another department"),
    Permission.EXPORT_CARE: _("Export lists for social organisations, without full names"),
    Permission.EXPORT_NATIONAL: _("Export lists for the national system, with ID numbers and parents"),
    Permission.PRINT_FILE: _("Print a child's file"),
    Permission.PRINT_VISIT: _("Print a sheet for a visit"),
    Permission.PRINT_FAMILY: _("Print a sheet for the family"),
    Permission.PRINT_CARE: _("Print an introduction for a social organisation"),
    Permission.WITHDRAW_DOCUMENTS: _("Withdraw a document that was issued"),
    Permission.TRY_LAW: _("Try the law on cases, and keep them"),
    Permission.LOAD_HOLIDAYS: _("Load a year’s notice of holidays"),
    Permission.APPLY: _("Help a family to apply, and take an application back"),
    Permission.ACCEPT_APPLICATIONS: _("Accept applications"),
    Permission.CHECK_APPLICATIONS: _("Check applications that somebody else accepted"),
    Permission.DECIDE_APPLICATIONS: _("Decide applications that others accepted and checked"),
    Permission.ENTER_NATIONAL: _("Mark what was entered in the national system"),
    Permission.REVIEW_RECOGNITIONS: _("Review recognitions, suspend them and propose that they end"),
    Permission.END_RECOGNITIONS: _("Decide that a recognition ends as somebody else proposed"),
    Permission.KEEP_ORGANISATIONS: _("Register, alter and close organisations"),
    Permission.RECORD_VISITS: _("Record visits to children"),
    Permission.PLACE_CHILDREN: _("Place children and end placements"),
    Permission.SIGN_AGREEMENTS: _("Record agreements with guardians"),
    Permission.CHECK_DATA: _("Check applications with other departments"),
    Permission.KEEP_FUNDS: _("Enter funds and hand them out"),
    Permission.CONFIRM_FUNDS: _("Confirm funds that somebody else entered"),
    Permission.PREPARE_RUNS: _("Prepare monthly runs"),
    Permission.APPROVE_RUNS: _("Approve runs that somebody else prepared"),
    Permission.PAY_BATCHES: _("Send approved payments to the bank and settle them"),
    Permission.SEE_PAYMENTS: _("See runs, payments and funds"),
    Permission.TAKE_LISTS: _("Take lists that other departments give"),
    Permission.RULE_ON_LISTS: _("Say whether a list that names very many children is right"),
    Permission.LOOK_INTO_LEADS: _("Look into what other departments say of families"),
    Permission.PROPOSE_STANDARDS: _("Propose a standard for one's own place"),
    Permission.CONFIRM_STANDARDS: _("Confirm a standard that somebody else proposed"),
    Permission.DECIDE_COPIES: _("Agree to copies of more children that somebody else asked for"),
}

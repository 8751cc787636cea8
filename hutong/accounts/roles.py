"""Roles (角色), one readable class each: what it is called, at which level it stands, what it may do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hutong.accounts.permissions import Permission as May
from hutong.law.division_code import Level

FILES = frozenset({May.SEE_CHILDREN, May.REVEAL, May.REVEAL_CONTACT, May.SEE_SENSITIVE})
ENTERING = frozenset(
    {May.COMPLETE, May.COMPLETE_ID, May.IMPORT_CHILDREN, May.CHANGE_CHILDREN, May.ADD_EVIDENCE, May.JUDGE_PAIRS}
)
APPLYING = frozenset({May.APPLY, May.ACCEPT_APPLICATIONS, May.CHECK_APPLICATIONS, May.REVIEW_RECOGNITIONS})
"""Duties of one office: whoever accepts an application does not check it; what was recognised it reviews."""
COPYING = frozenset({May.EXPORT_ROSTER, May.EXPORT_VISITING, May.PRINT_FILE, May.PRINT_VISIT, May.PRINT_FAMILY})
DECIDING = frozenset({May.SEE_FIGURES, May.SEE_SECRET, May.SEE_LOOKS})


class Role:
    """Role (角色): `level` is the length of jurisdiction it is posted to; no role holds two duties of one decision."""

    code: str
    title: Promise
    level: Level
    may: frozenset[May] = frozenset()


class VillageChildDirector(Role):
    """Village child director (儿童主任): sees the village's children, registers and visits, never approves."""

    code = "village_director"
    title = _("Village child director")
    level = Level.VILLAGE
    may = frozenset(
        {
            May.SEE_CHILDREN,
            May.REVEAL_CONTACT,
            May.COMPLETE,
            May.ADD_EVIDENCE,
            May.PRINT_VISIT,
            May.PRINT_FAMILY,
            May.RECORD_VISITS,
            May.APPLY,
        }
    )


class TownshipSupervisor(Role):
    """Township supervisor (儿童督导员): accepts, checks, imports."""

    code = "township_supervisor"
    title = _("Township supervisor")
    level = Level.TOWNSHIP
    may = (
        FILES
        | ENTERING
        | APPLYING
        | COPYING
        | {May.KEEP_PAYEES, May.OPEN_IN_EMERGENCY, May.BIND_PHONES, May.RECORD_VISITS, May.SIGN_AGREEMENTS}
        | {May.LOOK_INTO_LEADS}
    )


class CountyOfficer(Role):
    """County officer (县级经办): prepares decisions and imports."""

    code = "county_officer"
    title = _("County officer")
    level = Level.COUNTY
    may = (
        FILES
        | ENTERING
        | APPLYING
        | DECIDING
        | COPYING
        | {May.CHANGE_IDENTITY, May.CLOSE_CHILDREN, May.KEEP_PAYEES, May.OPEN_IN_EMERGENCY}
        | {May.EXPORT_COMPARISON, May.EXPORT_CARE, May.PRINT_CARE, May.TRY_LAW, May.KEEP_ORGANISATIONS}
        | {May.RECORD_VISITS, May.PLACE_CHILDREN, May.SIGN_AGREEMENTS, May.CHECK_DATA}
        | {May.ENTER_NATIONAL, May.EXPORT_NATIONAL, May.TAKE_LISTS, May.LOOK_INTO_LEADS, May.PROPOSE_STANDARDS}
    )


class Approver(Role):
    """Approver (县级审批): confirms what an officer prepared, and admits what another imported."""

    code = "approver"
    title = _("County approver")
    level = Level.COUNTY
    may = (
        FILES
        | DECIDING
        | {
            May.ADMIT_CHILDREN,
            May.CONFIRM_CHANGES,
            May.DECIDE_APPLICATIONS,
            May.END_RECOGNITIONS,
            May.REVIEW_EMERGENCIES,
            May.PRINT_FILE,
            May.DECIDE_COPIES,
            May.WITHDRAW_DOCUMENTS,
            May.TRY_LAW,
            May.APPROVE_RUNS,
            May.CONFIRM_FUNDS,
            May.SEE_PAYMENTS,
            May.RULE_ON_LISTS,
            May.CONFIRM_STANDARDS,
        }
    )


class Payer(Role):
    """Payer (发放经办): prepares the monthly run."""

    code = "payer"
    title = _("Payer")
    level = Level.COUNTY
    may = frozenset({May.SEE_CHILDREN, May.SEE_FIGURES, May.PREPARE_RUNS, May.SEE_PAYMENTS})


class Finance(Role):
    """Finance (财政): enters funds, sends payments and reconciles; sees amounts, not files."""

    code = "finance"
    title = _("Finance")
    level = Level.COUNTY
    may = frozenset({May.SEE_FIGURES, May.KEEP_FUNDS, May.PAY_BATCHES, May.SEE_PAYMENTS})


class CityOfficer(Role):
    """City officer (市级): sees figures by default and a single child with a purpose."""

    code = "city_officer"
    title = _("City officer")
    level = Level.CITY
    may = frozenset(
        {
            May.SEE_FIGURES,
            May.OPEN_WITH_PURPOSE,
            May.BRING_TOGETHER,
            May.REVIEW_EMERGENCIES,
            May.TRY_LAW,
            May.TAKE_LISTS,
            May.RULE_ON_LISTS,
            May.PROPOSE_STANDARDS,
        }
    )


class RegionOfficer(Role):
    """Region officer (区级): sees figures by default and a single child with a purpose."""

    code = "region_officer"
    title = _("Region officer")
    level = Level.PROVINCE
    may = frozenset(
        {
            May.SEE_FIGURES,
            May.OPEN_WITH_PURPOSE,
            May.BRING_TOGETHER,
            May.TRY_LAW,
            May.LOAD_HOLIDAYS,
            May.KEEP_ORGANISATIONS,
            May.KEEP_FUNDS,
            May.SEE_PAYMENTS,
            May.TAKE_LISTS,
            May.RULE_ON_LISTS,
            May.PROPOSE_STANDARDS,
        }
    )


class RegionApprover(Role):
    """Region approver (区级审批): confirms standards and funds of the region and its cities; sees figures only."""

    code = "region_approver"
    title = _("Region approver")
    level = Level.PROVINCE
    may = frozenset({May.SEE_FIGURES, May.CONFIRM_STANDARDS, May.CONFIRM_FUNDS, May.SEE_PAYMENTS})


class InstitutionStaff(Role):
    """Institution staff (机构人员): sees the children granted to the institution."""

    code = "institution_staff"
    title = _("Institution staff")
    level = Level.COUNTY


class Psychologist(Role):
    """Psychologist (心理工作者): sees the children granted by referral."""

    code = "psychologist"
    title = _("Psychologist")
    level = Level.COUNTY


class SocialOrganisationWorker(Role):
    """Social-organisation worker (社会组织工作人员): sees the children granted by referral, the shared fields only."""

    code = "social_worker"
    title = _("Social-organisation worker")
    level = Level.COUNTY


class Auditor(Role):
    """Auditor (审计): reads the trail and figures; opens nothing unmasked without an order."""

    code = "auditor"
    title = _("Auditor")
    level = Level.PROVINCE
    may = frozenset({May.SEE_FIGURES, May.SEE_TRAIL, May.SEE_LOOKS})


class SystemAdministrator(Role):
    """System administrator (系统管理员): health and the list of divisions; no child's data."""

    code = "system_administrator"
    title = _("System administrator")
    level = Level.PROVINCE
    may = frozenset({May.MANAGE_SYSTEM, May.MANAGE_DIVISIONS})


class SecurityAdministrator(Role):
    """Security administrator (安全管理员): people and postings; no child's data."""

    code = "security_administrator"
    title = _("Security administrator")
    level = Level.PROVINCE
    may = frozenset({May.MANAGE_PEOPLE})


class AuditAdministrator(Role):
    """Audit administrator (审计管理员): the trail; no child's data."""

    code = "audit_administrator"
    title = _("Audit administrator")
    level = Level.PROVINCE
    may = frozenset({May.SEE_TRAIL, May.SEE_LOOKS})


ROLES: dict[str, type[Role]] = {
    role.code: role
    for role in (
        VillageChildDirector,
        TownshipSupervisor,
        CountyOfficer,
        Approver,
        Payer,
        Finance,
        CityOfficer,
        RegionOfficer,
        RegionApprover,
        InstitutionStaff,
        Psychologist,
        SocialOrganisationWorker,
        Auditor,
        SystemAdministrator,
        SecurityAdministrator,
        AuditAdministrator,
    )
}


ADMINISTERING = frozenset({"auditor", "system_administrator", "security_administrator", "audit_administrator"})
"""Who administers and who looks at it (管理与审计岗位)."""
APART: tuple[frozenset[str], ...] = (
    frozenset({"township_supervisor", "county_officer", "approver", "payer", "finance"}),
    frozenset({"region_officer", "region_approver"}),
    frozenset({"city_officer", "region_approver"}),
    ADMINISTERING,
)
"""Duties nobody holds two of at one place (不相容岗位): who accepts, checks, approves, pays; who proposes a
standard or enters money and who confirms it; who administers."""


def are_apart(one: str, other: str) -> bool:
    """Whether two roles are duties of one decision, for two different people."""
    return one != other and any({one, other} <= duties for duties in APART)


def roles_that_may(permission: May) -> list[str]:
    """The codes of the roles that hold a permission."""
    return [code for code, role in ROLES.items() if permission in role.may]

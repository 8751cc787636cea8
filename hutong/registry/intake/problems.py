"""The words for every problem (问题说明): where it is and how to mend it, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from hutong.kit.staging import Problem

WORDS = {
    # the file
    "empty": _("The file is empty. Choose the workbook that holds the children."),
    "too_large": _("The file is too large to read safely. Split it into files of at most 30 MB."),
    "too_many_cells": _(
        "The sheet reaches too far: something stands in a cell far down or far to the right. Delete the empty rows and "
        "columns behind your data and send it again."
    ),
    "not_a_workbook": _("This is not a workbook. Save it as .xlsx in Excel or WPS and send it again."),
    "html_table": _(
        "This is a web page with a table that only bears the name of a workbook. Open it in Excel or WPS, save it as a "
        "new .xlsx and send that."
    ),
    "other_workbook": _(
        "This kind of workbook is not read here. Open it in Excel or WPS, save it as a new .xlsx and send that."
    ),
    "password": _("The workbook is protected by a password. Remove the password and send it again."),
    "unreadable": _("The workbook is damaged. Open it in Excel or WPS, save it as a new .xlsx and send it again."),
    "no_header": _(
        "No header row was found. Keep the template's headers (姓名, 现居住地行政区划代码, …), or send the sheet "
        "and say there what each column holds."
    ),
    "no_rows": _("Below the headers no child is filled in. Fill in the rows and send the workbook again."),
    "missing_column": _("The column {header} is missing. Add it, with this very header, from the template."),
    "same_column": _("The column {header} stands there twice. Keep one of them."),
    # the sheet
    "macros": _("The workbook holds macros. They were not run; only the cells were read."),
    "formulas_unsaved": _(
        "A program saved this workbook without the values of its formulas. Open it in Excel or WPS, save it and send "
        "it again."
    ),
    "another_sheet": _(
        "Only this sheet was read. Sheet {sheet} of the workbook holds {rows} more rows: choose it, or send it by "
        "itself."
    ),
    "mended_sheet": _(
        "Only this sheet was read. What you may have mended on the sheet {sheet} was not: mend it here, or send that "
        "sheet by itself."
    ),
    "hidden_column": _(
        "This column is hidden in the spreadsheet; it was read all the same. Show it and look whether it is right."
    ),
    "hidden_row": _(
        "This row is hidden in the spreadsheet; it was read all the same. Take away the filter and look whether it "
        "belongs in the list."
    ),
    "not_a_row": _("This row is a sum, a signature, a remark or the headers again. It was not read as a child."),
    "uneven_row": _(
        "The cells of this row do not line up with the headers. Copy the table from the spreadsheet itself, so that "
        "empty cells stay in their place."
    ),
    # any cell
    "merged_identity": _("This cell is merged over several rows. Give each child its own cell."),
    "formula_cell": _("This cell holds a formula; its value was read. Check it, and better type the value itself."),
    "turned_into_date": _(
        "The spreadsheet has turned what was typed here into a date or a time. Set the column to text and type it "
        "again."
    ),
    "required": _("Nothing is filled in here. Fill it in."),
    "formula_error": _("The cell holds an error value of the spreadsheet. Type the value itself."),
    # name and sex
    "name_form": _("This is not a name: 2 to 50 characters, Chinese or letters, with · inside where needed."),
    "private_character": _(
        "This name holds a character that only the computer it was typed on can show. Type it anew with an up-to-date "
        "input method, as in the household register; where none has it, give it in pinyin."
    ),
    "sex_unknown": _("Write 男 or 女."),
    # dates
    "date_unreadable": _("This is not a date. Write it like 2015-03-07."),
    "date_incomplete": _("The day is missing here, or more. Write the whole date like 2015-03-07."),
    "date_ambiguous": _("Here it cannot be told what is year, month and day. Write it like 2015-03-07."),
    "date_lunar": _("This is a date of the lunar calendar. Write the solar date of the household register."),
    "date_in_future": _("The date lies in the future. Check the year."),
    "birth_date_contradicts_id": _("Birth date and ID number do not agree. Check both against the household register."),
    "sex_contradicts_id": _("Sex and ID number do not agree. Check both against the household register."),
    # identity numbers
    "numeric_id": _(
        "The spreadsheet has stored this number as a figure and lost its last digits. Set the column to text, then "
        "type all 18 characters again from the household register."
    ),
    "id_length": _("An ID number has 18 characters; this one has {length}. Check it against the household register."),
    "id_characters": _("An ID number is 17 digits and a last digit or X. Remove every other character."),
    "id_birth_date": _("Digits 7 to 14 of the ID number are not a possible birth date. Check them."),
    "id_check_character": _("One character of the ID number is wrong: the last one does not fit the others. Check it."),
    "id_test_number": _("Numbers that begin with 99 are for trials only and are refused here."),
    "no_id_no_reason": _("There is no ID number and no reason. Fill in one of 证件号码 and 无证件原因."),
    "id_and_reason": _("There is an ID number and a reason for having none. The reason is ignored."),
    "number_taken": _("There is a file with this ID number already. Ask the county to look for it."),
    # places
    "code_form": _("A division code has 12 digits. Take it from the sheet 行政区划代码 of the template."),
    "division_unknown": _("No division has this code. Take it from the sheet 行政区划代码 of the template."),
    "division_withdrawn": _("This code has been withdrawn. Use the code of the division that took its place."),
    "division_abolished": _(
        "This county was abolished in {year}. Give the county that took its place where it is known."
    ),
    "division_above_township": _("This code names a county or more. Give the village or the township."),
    "division_township": _("This is the code of a township. Give the village where it is known."),
    "place_unknown": _(
        "No place of yours has this name. Write it from the county down, 贺兰县习岗镇新胜村, or give the code."
    ),
    "registered_unknown": _(
        "No place has this name; the registered place is left empty for now. Write it from the county down, or give "
        "the code."
    ),
    "place_ambiguous": _(
        "{count} places have this name. Write the township before it, or give the code from the sheet 行政区划代码."
    ),
    "place_partly": _("Of this name {place} alone is known; the rest is left out. Give the code where it is known."),
    "place_name_differs": _("Code and name do not agree: the code is that of {place}. Check which of them is right."),
    "outside": _("This child belongs to {place}, which is not yours. Send the row to that place."),
    # categories and guardians
    "category_unknown": _("Unknown category. Choose from the template's list; separate several by 、."),
    "category_confidential": _("This category is never imported. A county officer registers it on the child's page."),
    "paid_categories": _("A child holds one paid category at a time. Choose one; the other can be proposed later."),
    "category_age": _("By age the child no longer belongs to this category. Check birth date and category."),
    "no_child": _("By this date it would be a grown-up of 30 or more. Check the year."),
    "category_before_birth": _("The category would begin before the child was born. Check both dates."),
    "adult": _("The child has reached 18. Check that the child still belongs in this list."),
    "ethnic_group_unknown": _("Unknown ethnic group. Write it like 汉族 or 回族; it is left empty for now."),
    "relation_unknown": _("Unknown relation. Choose from the template's list; it is left empty for now."),
    "orphan_with_parent": _("An orphan's guardian cannot be a living parent. Check category and guardian."),
    "guardian_is_child": _("Guardian and child have the same ID number. Check the guardian's number."),
    "phone_form": _("This is not a telephone number. Write 11 digits, or area code and number."),
    # what the registration form asks
    "answer_unknown": _("The form does not offer this answer. It is kept as written."),
    "answer_no_date": _("This is not a whole date, like 1956-03-07. It is kept as written."),
    # facts
    "ends_before": _("The last day cannot lie before the first."),
    "final_has_no_end": _("A death has no last day. Leave it empty; if the entry is wrong, strike it."),
    "certificate_form": _(
        "A certificate number is the ID number, one digit for the class and one for the grade, 20 characters. Check it."
    ),
    "certificate_check_character": _("One character of the ID number in the certificate number is wrong. Check it."),
    "certificate_person": _("The certificate number holds another person's ID number. Check whose certificate it is."),
    "certificate_class": _("By its 19th character the certificate is for another class of disability. Check both."),
    "certificate_grade": _("By its 20th character the certificate is for another grade. Check both."),
    # against file and register
    "repeat": _("The same child stands in row {row} already. Keep one of the two rows."),
    "exists_elsewhere": _("Another place already has a file for this ID number. Ask it to hand the child over."),
    "may_exist_elsewhere": _(
        "Another place seems to have a file for this child: name, birth date and guardian are the same. Ask that place "
        "for it; if it is another child, enter it by hand and say so."
    ),
    "category_held_then": _("The child held this category on that day already. Check the first day."),
    "paid_beside": _("The child holds another paid category. End that one on the child's page first."),
    "closed_file": _("The file of this child is closed. Reopen it on the child's page first, then send the row again."),
    "possible_match": _("A child who may be the same one is registered here. Decide whether it is the same."),
    "declared_kin": _(
        "Somebody declared as kin is named here. Who is of the family does not act; another person enters the child."
    ),
    "alike_in_sheet": _(
        "Row {row} may be about the same child. Look whether it is; twins and namesakes may stay as they are."
    ),
    "changed": _("Differs from the register in: {columns}."),
}
GENERAL = {
    "id_length": _(
        "An ID number has 18 characters; these have more or fewer. Check them against the household register."
    ),
    "division_abolished": _("These counties were abolished. Give the counties that took their place where known."),
    "outside": _("These children belong to places that are not yours. Send the rows to those places."),
    "repeat": _("The same child stands in an earlier row already. Keep one of the two rows."),
}
"""The words for a problem of many rows that differ in its values (同类问题说明)."""


PAPER_WORDS = {
    "empty": _("The file is empty. Choose the photograph or the PDF again."),
    "too_large": _("The file is larger than 10 MB. Photograph the page again at a lower resolution, or split the PDF."),
    "heic": _(
        "This is a photograph in the form HEIC, which many computers cannot show. On an iPhone choose Settings, "
        "Camera, Formats, Most Compatible and take it again; or send a screenshot of it."
    ),
    "not_a_paper": _("Only photographs (JPEG, PNG, WebP) and PDF are taken. Photograph the paper, or save it as PDF."),
    "too_many_pixels": _("The picture has more than 40 million points. Take it again at a lower resolution."),
    "moving": _("The picture moves or holds several pages. Send one still picture for each page, or a PDF."),
    "password": _("The PDF is locked. Print it into a new PDF without a password and send that."),
    "too_many_pages": _("The PDF has more than 60 pages. Send only the pages that show what has to be shown."),
    "unreadable": _("The file is damaged or only half there. Open it, save it as a new one, and send that."),
}


def sentence(problem: Problem) -> str:
    """The sentence for a problem, in the language in force."""
    return str(WORDS[problem.code]).format(**problem.values)


def general_sentence(problem: Problem) -> str:
    """The sentence for a problem of many rows whose values differ."""
    return str(GENERAL[problem.code]) if problem.code in GENERAL else sentence(problem)


def matching_sentence(problem: Problem) -> str:
    """What is missing for rows to be read (列对应问题), said to somebody who can say there what columns hold."""
    if problem.code != "missing_column":
        return sentence(problem)
    words = _("No column says “%(header)s” yet. Choose the column that does, or say what holds for every row.")
    return words % {"header": problem.values["header"]}

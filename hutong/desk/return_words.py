"""Words for what is wrong with a workbook that came back (返回问题用语): where it stands, and how to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.gateways.exchange.questions import Problem, RefusedReturn

SENTENCES: dict[str, Promise] = {
    "empty": _lazy("The file is empty. Choose the workbook that came back."),
    "too_large": _lazy(
        "The file is too large to read safely. Ask the department to return its rows in several files of at most 30 MB."
    ),
    "too_many_cells": _lazy(
        "A sheet reaches too far: something stands in a cell far down or far to the right. Delete the empty "
        "rows and columns behind the table and send it again."
    ),
    "not_xlsx": _lazy(
        "This is not an .xlsx workbook. Open it in Excel or WPS, save it as .xlsx with the same password and "
        "send it again."
    ),
    "unreadable": _lazy("The file is damaged. Fetch it again from the department; do not open it in between."),
    "wrong_password": _lazy("The password does not fit. Use the one that belongs to this batch."),
    "not_ours": _lazy(
        "On no sheet of the workbook stands a batch number. Send the workbook that we gave out, with its first sheet."
    ),
    "mistyped_batch": _lazy(
        "The batch number on the first sheet is not right: a character was changed. It should be {batch}; ask"
        " the department whether this is the right workbook."
    ),
    "another_batch": _lazy("This workbook belongs to batch {found}, not to {batch}. Send it there."),
    "unknown_source": _lazy(
        "The data source on the first sheet was changed or was not asked in batch {batch}. Put back what stood there."
    ),
    "unprotected": _lazy(
        "The file came back without its password. It was read; ask the department to keep the password on."
    ),
    "answered_by_missing": _lazy(
        "It does not say who answered. Ask the department, so that the record holds who looked."
    ),
    "answered_on_missing": _lazy("The day of the answer is missing. The day on which the file came was taken."),
    "answered_on_wrong": _lazy(
        "The day of the answer lies before the query or after today. The day on which the file came was taken."
    ),
    "no_header": _lazy("The header row of this sheet is missing. Put back the headers as they were given out."),
    "missing_column": _lazy("This column is missing. Put it back with this very header."),
    "same_column": _lazy("This column stands there twice. Keep one of them."),
    "unknown_sheet": _lazy(
        "This sheet was not given out by us. It was not read; move its answers to the sheets that were."
    ),
    "formula_cell": _lazy("This cell holds a formula or an error value. Type the value itself."),
    "number_missing": _lazy(
        "The hidden query number of this row is gone. Fill in the row of the workbook that was given out; do "
        "not copy names into new rows."
    ),
    "unknown_number": _lazy(
        "The query number of this row is not one of this workbook. Fill in the row of the workbook that was given out."
    ),
    "other_sheet": _lazy("This row belongs to another sheet of the workbook. Move it back."),
    "name_changed": _lazy(
        "The name was changed or does not stand in its row any more: the answer would be about somebody else."
        " Put back the name that was given out, and check the row."
    ),
    "id_changed": _lazy(
        "The ID number was changed, or the spreadsheet has turned it into a figure: the answer would be about"
        " somebody else. Put back the number that was given out, as text."
    ),
    "outcome_missing": _lazy("It does not say whether somebody was found. Choose one of: {choices}."),
    "outcome_unknown": _lazy("This is not one of the outcomes. Choose one of: {choices}."),
    "choice_unknown": _lazy("This is not one of the choices. Choose one of: {choices}."),
    "values_without_record": _lazy(
        "Something is filled in here although nobody was found. Choose 查到, or empty the cell."
    ),
    "answered_twice": _lazy(
        "The same query is answered differently in rows {rows}. None was taken; keep the right one."
    ),
    "in_future": _lazy("This day lies after the day of the answer. Check the year."),
    "before_birth": _lazy(
        "This day lies before the birth in the ID number. Check it, and whether the record is that of the same person."
    ),
    "alive_with_death": _lazy("A day of death is filled in, but 是否已死亡 says 否. Check which of them is right."),
    "ends_before": _lazy("The last day lies before the first. Check both."),
    "holds_but_over": _lazy("It is said to hold still, but the last day is past. Check which of them is right."),
    "before_childbirth": _lazy(
        "This day lies before the birth of the child. Check it, and whether the record is that of the same person."
    ),
    "answered_before": _lazy(
        "An answer to this is recorded already, and it was another. It stays; what has been found out since "
        "is recorded by hand."
    ),
    "own_family": _lazy("You have declared kin in this family. Somebody else has to record this answer."),
    "date_unreadable": _lazy("This is not a date. Write it like 2015-03-07."),
    "date_incomplete": _lazy("The day is missing here, or more. Write the whole date like 2015-03-07."),
    "date_ambiguous": _lazy("Here it cannot be told what is year, month and day. Write it like 2015-03-07."),
    "date_lunar": _lazy("This is a date of the lunar calendar. Write the solar date of the household register."),
    "no_list": _lazy("On no sheet of the workbook it says whose list it is. Use our template, with its first sheet."),
    "unknown_list_source": _lazy(
        "The source on the first sheet was changed, or gives no lists. Put back what stood in the template."
    ),
    "list_empty": _lazy("The file is empty. Choose the list that the department gave."),
    "list_too_large": _lazy(
        "The file is too large to read safely. Ask the department to give it in several files of at most 30 MB."
    ),
    "list_unreadable": _lazy("The file is damaged. Fetch it again from the department; do not open it in between."),
    "list_not_xlsx": _lazy(
        "This is not an .xlsx workbook. Fill in our template, or save it as .xlsx in Excel or WPS, and send it again."
    ),
    "list_wrong_password": _lazy("The password does not open the workbook. Ask the department for it by telephone."),
    "list_unknown_sheet": _lazy(
        "This sheet is none of the template’s. It was not read; move its rows to the sheet where they belong."
    ),
    "list_in_future": _lazy("This day has not come yet. Check the year."),
    "given_by_missing": _lazy("It does not say who gave the list. Ask, so that the record holds whose word it is."),
    "given_on_missing": _lazy("The day of the list is missing. The day on which the file came was taken."),
    "given_on_wrong": _lazy("The day of the list lies ahead. The day on which the file came was taken."),
    "name_missing": _lazy("The name is missing. Without it nobody can tell whether it is the same person."),
    "id_empty": _lazy("The ID number is missing. Without it nobody can be found."),
    "id_length": _lazy("An ID number has 18 characters. Check it for missing or doubled ones."),
    "id_characters": _lazy("In the ID number stands a character that cannot be in one. Check it."),
    "id_birth_date": _lazy("The birth date in the ID number is no day, or lies ahead. Check it."),
    "id_check_character": _lazy("The last character of the ID number does not fit the others: a digit is wrong."),
    "id_numeric": _lazy(
        "The spreadsheet has turned the ID number into a figure, and its last digits are lost. Type it anew in a "
        "column of text, as in the template."
    ),
    "listed_twice": _lazy(
        "The same person stands in rows {rows} with different words. None was taken; keep the right one."
    ),
    "not_asked": _lazy("This was not asked."),
    "not_a_value": _lazy("This is not one of the choices."),
}
"""What to do about each problem (问题处理), by the code of the exchange or of the law."""


@dataclass(frozen=True)
class ProblemLine:
    """One problem in words (问题行): the sheet, the row and column as a person counts, and how to mend it."""

    sheet: str
    row: int
    column: str
    message: str
    stops: bool


def problem_lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """The problems of a workbook, in the reader's language."""
    return [
        ProblemLine(one.sheet, one.row, one.column, sentence(one.code, one.values), one.stops_row) for one in problems
    ]


def refusal_sentence(refused: RefusedReturn) -> str:
    """Why a workbook was not read."""
    return sentence(refused.code, refused.values)


def sentence(code: str, values: Mapping[str, str]) -> str:
    """The sentence for a code; a general one for a code that has none of its own."""
    if code not in SENTENCES:
        return _("This cannot be read. Check it against the workbook that was given out.")
    return str(SENTENCES[code]).format(**values)


def list_problem_lines(problems: Iterable[Problem]) -> list[ProblemLine]:
    """The problems of a list that a department gave, in the reader's language."""
    return [
        ProblemLine(one.sheet, one.row, one.column, _of_list(one.code, one.values), one.stops_row) for one in problems
    ]


def list_refusal(refused: RefusedReturn) -> str:
    """Why a list was not read."""
    return _of_list(refused.code, refused.values)


def _of_list(code: str, values: Mapping[str, str]) -> str:
    own = f"list_{code}"
    return sentence(own if own in SENTENCES else code, values)

"""One row of a children workbook, cell by cell: cleaned values and problems, without a look at the register."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite

from hutong.divisions.queries import Places
from hutong.kit.names import INVISIBLE, clean_name, has_private_character, is_name
from hutong.kit.staging import Problem, Severity
from hutong.kit.workbooks.book import Cell
from hutong.kit.workbooks.columns import is_date_column
from hutong.law.calendar import age_on
from hutong.law.categories import HIV_WORDS, UNDER_18, age_limit, read_category
from hutong.law.division_code import Level, is_code, responsible
from hutong.law.ethnic_groups import read_ethnic_group
from hutong.law.guardianship import contradicts
from hutong.law.identity import IdNumber, Sex, judge_id_number, normalise
from hutong.law.relations import read_relation
from hutong.registry.intake.dates import day_of_figure, day_of_text

WARNING = Severity.WARNING
MISSING = ("required", "no_id_no_reason")
NO_CHILD_AGE = 30  # nobody of this age is in a list of children; the year is mistyped
ID_COLUMNS = ("id_number", "guardian_id_number")
PLACE_COLUMNS = ("registered_division", "living_division", "responsible_division")
SEX_WORDS = {
    "男": Sex.MALE,
    "女": Sex.FEMALE,
    "1": Sex.MALE,
    "2": Sex.FEMALE,
    "男性": Sex.MALE,
    "女性": Sex.FEMALE,
}
PHONE_FORM = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff-]*")  # what most cells hold: nothing to clean
QUOTES = ("'", "‘", "’", "`")
SEPARATORS = re.compile(r"[、,，;；/\s]+")
ERROR_VALUES = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
AS_TEXT = re.compile(r"=\"([^\"]*)\"")
WAS_FIGURE = re.compile(r"\d+(?:\.\d+)?E\+?\d+|\d{15,}\.0*", re.IGNORECASE)


@dataclass(slots=True)
class ReadRow:
    """What one row says (行): values by column code, empty ones left out, and what is wrong with it."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def mark(self, code: str, *columns: str, severity: Severity = Severity.ERROR, **values: str) -> None:
        """Notes one problem on each of the columns; nothing is missing where something stands that cannot be read."""
        if code in MISSING:
            columns = tuple(column for column in columns if column not in self._unread)
        self.problems.extend(Problem(code, column, severity, values) for column in columns)

    @property
    def _unread(self) -> set[str]:
        return {problem.column for problem in self.problems if problem.severity == Severity.ERROR}

    @property
    def is_bad(self) -> bool:
        """Whether an error, not a mere warning, stands against the row."""
        return any(problem.severity == Severity.ERROR for problem in self.problems)

    @property
    def categories(self) -> frozenset[str]:
        """The category codes of the row."""
        return frozenset(self.values.get("category", "").split())


@dataclass(frozen=True)
class Circumstances:
    """What a row is read against (判读条件): the day, the known places, the province, whether test numbers pass."""

    on: date
    places: Places
    province: str
    tests_allowed: bool


def read_row(number: int, cells: Mapping[str, Cell], given: Circumstances) -> ReadRow:
    """Reads the cells of one row, keyed by column code."""
    row = ReadRow(number)
    texts = {column: _text(row, column, cell) for column, cell in cells.items() if cell != ""}
    _read_person(row, texts, cells, given)
    _read_identity(row, texts, given)
    _read_places(row, texts, given)
    _read_categories(row, texts, cells, given)
    _read_guardian(row, texts, given)
    return row


def _text(row: ReadRow, column: str, cell: Cell) -> str:
    if isinstance(cell, str):
        return _typed(row, column, cell)
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float | int):
        if column in ID_COLUMNS:
            row.mark("numeric_id", column)
            return ""
        return str(int(cell)) if isfinite(cell) and cell == int(cell) else str(cell)
    if not is_date_column(column):
        row.mark("turned_into_date", column)
    return ""


def _typed(row: ReadRow, column: str, cell: str) -> str:
    text = cell if PLAIN.fullmatch(cell) else _cleaned(cell)
    if text in ERROR_VALUES:
        row.mark("formula_error", column)
        return ""
    if column in ID_COLUMNS and WAS_FIGURE.fullmatch(text):
        row.mark("numeric_id", column)
        return ""
    return text


def _cleaned(cell: str) -> str:
    """The text of a cell: half-width, in one line, without what nobody sees and without the signs that keep it text."""
    text = " ".join(unicodedata.normalize("NFKC", cell).translate(INVISIBLE).split())
    if text[:1] in QUOTES and len(text) > 1:
        text = text[1:]
    if kept := AS_TEXT.fullmatch(text):
        text = kept[1].strip()
    return text


def _date(text: str, cell: Cell) -> date | None:
    """The day a cell names beyond doubt."""
    read = _read_date(text, cell)
    return read if isinstance(read, date) else None


def _date_fault(text: str, cell: Cell) -> str:
    """Why a cell names no day, as the code of a problem."""
    read = _read_date(text, cell)
    return read if isinstance(read, str) else "date_unreadable"


def _read_date(text: str, cell: Cell) -> date | str:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return day_of_figure(cell)
    return day_of_text(text)


def _read_person(row: ReadRow, texts: Mapping[str, str], cells: Mapping[str, Cell], given: Circumstances) -> None:
    name = clean_name(texts.get("name", ""))
    if not name:
        row.mark("required", "name")
    elif not is_name(name):
        row.mark(_name_fault(name), "name")
    row.values["name"] = name
    sex = SEX_WORDS.get(texts.get("sex", ""))
    if sex:
        row.values["sex"] = sex
    else:
        row.mark("sex_unknown" if texts.get("sex") else "required", "sex")
    _read_birth_date(row, texts.get("birth_date", ""), cells.get("birth_date", ""), given.on)
    group = texts.get("ethnic_group", "")
    if group:
        code = read_ethnic_group(group)
        if code:
            row.values["ethnic_group"] = code
        else:
            row.mark("ethnic_group_unknown", "ethnic_group", severity=WARNING)


def _name_fault(name: str) -> str:
    return "private_character" if has_private_character(name) else "name_form"


def _read_birth_date(row: ReadRow, text: str, cell: Cell, on: date) -> None:
    born = _date(text, cell)
    if born is None:
        row.mark(_date_fault(text, cell) if text or cell != "" else "required", "birth_date")
    elif born > on:
        row.mark("date_in_future", "birth_date")
    else:
        row.values["birth_date"] = born.isoformat()
        if age_on(born, on) >= NO_CHILD_AGE:
            row.mark("no_child", "birth_date")
        elif age_on(born, on) >= UNDER_18:
            row.mark("adult", "birth_date", severity=WARNING)


def _read_identity(row: ReadRow, texts: Mapping[str, str], given: Circumstances) -> None:
    reason = texts.get("no_id_reason", "")
    if not normalise(texts.get("id_number", "")):
        if any(problem.column == "id_number" for problem in row.problems):
            return
        if reason:
            row.values["no_id_reason"] = reason[:100]
        else:
            row.mark("no_id_no_reason", "id_number")
        return
    if reason:
        row.mark("id_and_reason", "no_id_reason", severity=WARNING)
    number = _id_number(row, "id_number", texts["id_number"], given)
    if number is None:
        return
    row.values["id_number"] = number.normalised
    stated = row.values.get("birth_date")
    if stated and number.birth_date and stated != number.birth_date.isoformat():
        row.mark("birth_date_contradicts_id", "birth_date", "id_number")
    if row.values.get("sex") not in (None, number.sex):
        row.mark("sex_contradicts_id", "sex", "id_number")


def _id_number(row: ReadRow, column: str, text: str, given: Circumstances) -> IdNumber | None:
    judged = judge_id_number(text, on=given.on, tests_allowed=given.tests_allowed)
    if judged.fault:
        row.mark(f"id_{judged.fault}", column, length=str(len(text)))
        return None
    return judged


def _read_places(row: ReadRow, texts: Mapping[str, str], given: Circumstances) -> None:
    if not texts.get("living_division"):
        row.mark("required", "living_division")
    for column in PLACE_COLUMNS:
        code = texts.get(column, "")
        if code and _is_place(row, column, code, given):
            row.values[column] = code
    if texts.get("living_address"):
        row.values["living_address"] = texts["living_address"]


def _is_place(row: ReadRow, column: str, code: str, given: Circumstances) -> bool:
    if not is_code(code):
        row.mark("code_form", column)
        return False
    standing = given.places.standing(code)
    if standing == "valid":
        _weigh_level(row, column, given.places.level(code))
    elif standing == "abolished" and column == "registered_division":
        row.mark("division_abolished", column, severity=WARNING, year=str(given.places.last_year(code)))
    elif standing != "elsewhere":
        row.mark("division_withdrawn" if standing == "abolished" else f"division_{standing}", column)
        return False
    return True


def _weigh_level(row: ReadRow, column: str, level: Level) -> None:
    if column == "registered_division" or level == Level.VILLAGE:
        return
    if level == Level.TOWNSHIP:
        row.mark("division_township", column, severity=WARNING)
    else:
        row.mark("division_above_township", column)


def _read_categories(row: ReadRow, texts: Mapping[str, str], cells: Mapping[str, Cell], given: Circumstances) -> None:
    written = texts.get("category", "")
    if any(word in written for word in HIV_WORDS):
        row.mark("category_confidential", "category")
        return
    codes = [read_category(word) for word in SEPARATORS.split(written) if word]
    if None in codes:
        row.mark("category_unknown", "category")
    known = sorted({code for code in codes if code})
    if known:
        row.values["category"] = " ".join(known)
    _weigh_age(row, known, given.on)
    _read_category_date(row, texts.get("category_from", ""), cells.get("category_from", ""), given.on)
    if texts.get("decision_number"):
        row.values["decision_number"] = texts["decision_number"][:60]


def _weigh_age(row: ReadRow, codes: list[str], on: date) -> None:
    born = row.values.get("birth_date")
    if not born:
        return
    age = age_on(date.fromisoformat(born), on)
    if any(age_limit(code) <= age < UNDER_18 for code in codes):
        row.mark("category_age", "category", severity=WARNING)


def _read_category_date(row: ReadRow, text: str, cell: Cell, on: date) -> None:
    begun = _date(text, cell)
    if begun is None:
        if text:
            row.mark(_date_fault(text, cell), "category_from")
    elif begun > on:
        row.mark("date_in_future", "category_from")
    elif begun.isoformat() < row.values.get("birth_date", ""):
        row.mark("category_before_birth", "category_from")
    else:
        row.values["category_from"] = begun.isoformat()


def is_phone(text: str) -> bool:
    """Whether a text is a telephone number: 11 digits, or area code and number (电话)."""
    return PHONE_FORM.fullmatch(text) is not None


def _read_guardian(row: ReadRow, texts: Mapping[str, str], given: Circumstances) -> None:
    name = clean_name(texts.get("guardian_name", ""))
    if name and not is_name(name):
        row.mark(_name_fault(name), "guardian_name")
    elif name:
        row.values["guardian_name"] = name
    _read_relation(row, texts.get("guardian_relation", ""))
    if normalise(texts.get("guardian_id_number", "")):
        number = _id_number(row, "guardian_id_number", texts["guardian_id_number"], given)
        if number:
            row.values["guardian_id_number"] = number.normalised
            if number.normalised == row.values.get("id_number"):
                row.mark("guardian_is_child", "guardian_id_number")
    phone = texts.get("guardian_phone", "").replace(" ", "")
    if is_phone(phone):
        row.values["guardian_phone"] = phone
    elif phone:
        row.mark("phone_form", "guardian_phone")
    has_more = any(f"guardian_{part}" in row.values for part in ("relation", "id_number", "phone"))
    if has_more and not name:
        row.mark("required", "guardian_name")


def _read_relation(row: ReadRow, written: str) -> None:
    relation = read_relation(written)
    if relation:
        row.values["guardian_relation"] = relation
        if contradicts(row.categories, relation):
            row.mark("orphan_with_parent", "category", "guardian_relation")
    elif written:
        row.mark("relation_unknown", "guardian_relation", severity=WARNING)


def responsible_code(row: ReadRow, given: Circumstances) -> str:
    """The responsible division of a row that has no errors."""
    return responsible(
        stated=row.values.get("responsible_division", ""),
        registered=row.values.get("registered_division", ""),
        living=row.values["living_division"],
        categories=row.categories,
        province=given.province,
    )

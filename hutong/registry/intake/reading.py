"""One row of a children workbook, cell by cell: cleaned values and problems, without a look at the register."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from hutong.divisions import national
from hutong.divisions.queries import Places
from hutong.kit.names import clean_name, has_private_character, is_name
from hutong.kit.staging import Problem, Severity
from hutong.kit.workbooks.book import Cell
from hutong.kit.workbooks.cells import cleaned, day_of
from hutong.kit.workbooks.columns import is_date_column
from hutong.law.calendar import age_on
from hutong.law.categories import HIV_WORDS, age_limit, read_category
from hutong.law.division_code import Level, is_code, prefix_of, responsible
from hutong.law.ethnic_groups import read_ethnic_group
from hutong.law.form_questions import PARENTS, QUESTIONS, read_answer
from hutong.law.guardianship import contradicts
from hutong.law.identity import SEX_WORDS, IdNumber, judge_id_number, normalise
from hutong.law.relations import read_relation

WARNING = Severity.WARNING
MISSING = ("required", "no_id_no_reason")
NO_CHILD_AGE = 30  # nobody of this age is in a list of children; the year is mistyped


class Carer(NamedTuple):
    """The columns about a guardian or a parent (照护人各栏)."""

    name: str
    id_number: str
    phone: str
    relation: str


GUARDIAN, *PARENTS_COLUMNS = (Carer(*(f"{role}_{part}" for part in Carer._fields)) for role in ("guardian", *PARENTS))
ID_COLUMNS = frozenset({"id_number", GUARDIAN.id_number, *(parent.id_number for parent in PARENTS_COLUMNS)})
PLACE_COLUMNS = ("registered_division", "living_division", "responsible_division")
CODE_AND_NAME = re.compile(r"(\d{12})[\s,，、:：(（_—-]*([^\d\s)）].*?)[)）]?")
LONGEST_ADDRESS = 200
PHONE_FORM = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
PLAIN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff-]*")  # what most cells hold: nothing to clean
SEPARATORS = re.compile(r"[、,，;；/\s]+")
ERROR_VALUES = ("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
WAS_FIGURE = re.compile(r"\d+(?:\.\d+)?E\+?\d+|\d{15,}\.0*", re.IGNORECASE)


@dataclass(slots=True)
class ReadRow:
    """What one row says (行): values by column code, empty ones left out, and what is wrong with it; read as one of a
    sheet also its responsible place, where nothing is wrong, and what staging keeps of it."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    place: str = ""
    sealed: bytes = b""

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
    """What a row is read against (判读条件): the day, the known places, the province, whether test numbers pass.

    `within` is the prefix in which a place without its county is looked for.
    """

    on: date
    places: Places
    province: str
    tests_allowed: bool
    within: str = ""


def read_row(number: int, cells: Mapping[str, Cell], given: Circumstances) -> ReadRow:
    """Reads the cells of one row, keyed by column code."""
    row = ReadRow(number)
    is_plain = PLAIN.fullmatch
    texts = {
        column: cell
        if isinstance(cell, str) and is_plain(cell) and column not in ID_COLUMNS
        else _text(row, column, cell)
        for column, cell in cells.items()
    }
    _read_person(row, texts, cells, given)
    _read_identity(row, texts, given)
    _read_places(row, texts, given, has_column="living_division" in cells)
    _read_categories(row, texts, cells, given)
    _read_guardian(row, texts, given)
    for columns in PARENTS_COLUMNS:
        if not texts.keys().isdisjoint(columns):
            _read_carer(row, columns, texts, given)
    _read_answers(row, texts, cells, given.on)
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
    text = cell if PLAIN.fullmatch(cell) else cleaned(cell)
    if text in ERROR_VALUES:
        row.mark("formula_error", column)
        return ""
    if column in ID_COLUMNS and WAS_FIGURE.fullmatch(text):
        row.mark("numeric_id", column)
        return ""
    return text


def read_date(text: str, cell: Cell) -> date | None:
    """The day that a cell names beyond doubt (日期)."""
    read = day_of(cell, text)
    return read if isinstance(read, date) else None


def _date_fault(text: str, cell: Cell) -> str:
    """Why a cell names no day, as the code of a problem."""
    read = day_of(cell, text)
    return read if isinstance(read, str) else "date_unreadable"


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
    born = read_date(text, cell)
    if born is None:
        row.mark(_date_fault(text, cell) if text or cell != "" else "required", "birth_date")
    elif born > on:
        row.mark("date_in_future", "birth_date")
    else:
        row.values["birth_date"] = born.isoformat()
        if age_on(born, on) >= NO_CHILD_AGE:
            row.mark("no_child", "birth_date")
        elif age_on(born, on) >= age_limit(on):
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


def _read_places(row: ReadRow, texts: Mapping[str, str], given: Circumstances, *, has_column: bool) -> None:
    address = texts.get("living_address", "")
    if address:
        row.values["living_address"] = address[:LONGEST_ADDRESS]
    for column in PLACE_COLUMNS:
        if texts.get(column):
            _read_place(row, column, texts[column], given)
    if not has_column and address:
        _read_place(row, "living_division", address, given, written_in="living_address")
    elif not texts.get("living_division"):
        row.mark("required", "living_division" if has_column else "living_address")


def _read_place(row: ReadRow, column: str, text: str, given: Circumstances, *, written_in: str = "") -> None:
    """A code, a code with its name, or a name; what follows the name of where a child lives is the address."""
    written_in, rest = written_in or column, ""
    found = CODE_AND_NAME.fullmatch(text)
    if text.isascii() or found:
        code = found[1] if found else text
    else:
        code, rest = _named(row, column, text, given, written_in)
    if not code or not _is_place(row, column, code, given, written_in):
        return
    row.values[column] = code
    if rest and column == "registered_division" and given.places.level(code) != Level.VILLAGE:
        row.mark("place_partly", written_in, severity=WARNING, place=given.places.title(code))
    if found and given.places.standing(code) == "valid" and code not in _inside(given, code, found[2]):
        row.mark("place_name_differs", written_in, severity=WARNING, place=given.places.title(code))
    if column == "living_division" and rest and (written_in != column or "living_address" not in row.values):
        row.values["living_address"] = rest[:LONGEST_ADDRESS]


def _inside(given: Circumstances, code: str, name: str) -> tuple[str, ...]:
    return given.places.named(name, within=prefix_of(code)).codes


def _named(row: ReadRow, column: str, text: str, given: Circumstances, written_in: str) -> tuple[str, str]:
    """The one place that words name, and the words after it; nothing, and a problem, where none or several."""
    named = given.places.named(text, within=given.within or given.province)
    codes = named.codes
    if len(codes) == 1:
        return codes[0], named.rest
    if not codes and column == "registered_division":
        codes = national.named(text, without=given.province)
    if len(codes) == 1:
        return codes[0], ""
    if codes:
        row.mark("place_ambiguous", written_in, count=str(len(codes)))
    elif column == "registered_division":
        row.mark("registered_unknown", written_in, severity=WARNING)
    else:
        row.mark("place_unknown", written_in)
    return "", ""


def _is_place(row: ReadRow, column: str, code: str, given: Circumstances, written_in: str) -> bool:
    if not is_code(code):
        row.mark("code_form", written_in)
        return False
    standing = given.places.standing(code)
    if standing == "valid":
        _weigh_level(row, column, given.places.level(code), written_in)
    elif standing == "abolished" and column == "registered_division":
        row.mark("division_abolished", written_in, severity=WARNING, year=str(given.places.last_year(code)))
    elif standing != "elsewhere":
        row.mark("division_withdrawn" if standing == "abolished" else f"division_{standing}", written_in)
        return False
    return True


def _weigh_level(row: ReadRow, column: str, level: Level, written_in: str) -> None:
    if column == "registered_division" or level == Level.VILLAGE:
        return
    if level == Level.TOWNSHIP:
        row.mark("division_township", written_in, severity=WARNING)
    else:
        row.mark("division_above_township", written_in)


def _read_categories(row: ReadRow, texts: Mapping[str, str], cells: Mapping[str, Cell], given: Circumstances) -> None:
    known, fault = _categories(texts.get("category", ""))
    if fault:
        row.mark(fault, "category")
    if fault == "category_confidential":
        return
    if known:
        row.values["category"] = " ".join(known)
    _weigh_age(row, known, given.on)
    _read_category_date(row, texts.get("category_from", ""), cells.get("category_from", ""), given.on)
    if texts.get("decision_number"):
        row.values["decision_number"] = texts["decision_number"][:60]


@lru_cache(maxsize=1000)
def _categories(written: str) -> tuple[list[str], str]:
    """The known codes in a cell, in order, and the code of what is wrong with it."""
    if any(word in written for word in HIV_WORDS):
        return [], "category_confidential"
    codes = [read_category(word) for word in SEPARATORS.split(written) if word]
    return sorted({code for code in codes if code}), "category_unknown" if None in codes else ""


def _weigh_age(row: ReadRow, codes: list[str], on: date) -> None:
    born, adult = row.values.get("birth_date"), age_limit(on)
    limit = min((age_limit(on, code) for code in codes), default=adult)
    if born and limit < adult and limit <= age_on(date.fromisoformat(born), on) < adult:
        row.mark("category_age", "category", severity=WARNING)


def _read_category_date(row: ReadRow, text: str, cell: Cell, on: date) -> None:
    begun = read_date(text, cell)
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
    _read_relation(row, texts.get("guardian_relation", ""))
    _read_carer(row, GUARDIAN, texts, given)


def _read_carer(row: ReadRow, columns: Carer, texts: Mapping[str, str], given: Circumstances) -> None:
    """Name, number and telephone of the guardian or of a parent; without a name the rest is nobody's."""
    values, name = row.values, clean_name(texts.get(columns.name, ""))
    if name and not is_name(name):
        row.mark(_name_fault(name), columns.name)
    elif name:
        values[columns.name] = name
    _read_carer_number(row, columns.id_number, texts.get(columns.id_number, ""), given)
    phone = texts.get(columns.phone, "").replace(" ", "")
    if is_phone(phone):
        values[columns.phone] = phone
    elif phone:
        row.mark("phone_form", columns.phone)
    if not name and not values.keys().isdisjoint(columns):
        row.mark("required", columns.name)


def _read_carer_number(row: ReadRow, column: str, text: str, given: Circumstances) -> None:
    number = _id_number(row, column, text, given) if normalise(text) else None
    if number:
        row.values[column] = number.normalised
        if number.normalised == row.values.get("id_number"):
            row.mark("guardian_is_child", column)


def _read_answers(row: ReadRow, texts: Mapping[str, str], cells: Mapping[str, Cell], on: date) -> None:
    """What the registration form asks beyond who is who; an answer that it does not offer is kept as written."""
    _read_filled_on(row, texts.get("filled_on", ""), cells.get("filled_on", ""), on)
    if texts.keys().isdisjoint(QUESTIONS):
        return
    for code in [code for code in QUESTIONS if code in texts]:
        day = read_date(texts[code], cells[code]) if QUESTIONS[code].is_date else None
        if not (texts[code] or day):
            continue
        answer = read_answer(code, day.isoformat() if day else texts[code])
        row.values[code] = answer.kept
        if QUESTIONS[code].is_date and not day:
            row.mark("answer_no_date", code, severity=WARNING)
        elif not answer.is_known:
            row.mark("answer_unknown", code, severity=WARNING)


def _read_filled_on(row: ReadRow, text: str, cell: Cell, on: date) -> None:
    filled = read_date(text, cell)
    if filled is None:
        if text:
            row.mark(_date_fault(text, cell), "filled_on")
    elif filled > on:
        row.mark("date_in_future", "filled_on")
    else:
        row.values["filled_on"] = filled.isoformat()


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

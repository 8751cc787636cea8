"""The national system (全国儿童福利信息系统): what must stand there of a child, and where it differs from ours.

Its own list of columns is not known to us, nor whether it takes or gives workbooks: the columns are those of the
application form of 民发〔2019〕62号 as recalled, dated and provisional, until the Department has shown its own.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from hutong.law.calendar import WorkingCalendar
from hutong.law.categories import read_category
from hutong.law.deadlines import by_working_days
from hutong.law.ethnic_groups import read_ethnic_group
from hutong.law.identity import SEX_WORDS, normalise
from hutong.law.parameters import shipped
from hutong.law.relations import read_relation

NUMBER_FORM = r"^[0-9A-Z]{6,32}$"
"""The form of a number there (系统编号): capital letters and digits; its own form is not known to us."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the national system (全国系统栏目): its title, and from which facts of ours it is filled.

    `also` are other headers under which it comes back.
    """

    code: str
    title_zh: str
    title_en: str
    filled_zh: str
    also: tuple[str, ...] = ()


COLUMNS = {
    column.code: column
    for column in (
        Column("name", "姓名", "Name", "档案姓名", ("儿童姓名",)),
        Column("sex", "性别", "Sex", "档案性别"),
        Column("birth_date", "出生日期", "Date of birth", "档案出生日期", ("出生年月日",)),
        Column("id_number", "公民身份号码", "ID number", "档案证件号码", ("身份证号", "身份证号码", "证件号码")),
        Column("ethnic_group", "民族", "Ethnic group", "档案民族"),
        Column("registered_place", "户籍所在地", "Registered place", "户籍地区划名称", ("户籍地", "户籍地址")),
        Column("living_place", "现居住地", "Living place", "现居住地区划名称", ("居住地", "现住址")),
        Column("paid_category", "儿童类别", "Category", "现持有的保障类别", ("类别", "人员类别")),
        Column("decided_on", "认定日期", "Recognised on", "类别起始日期", ("确认日期", "审批日期")),
        Column("decision_number", "认定文号", "Number of the decision", "类别所附决定书文号", ("审批文号",)),
        Column("guardian_name", "监护人姓名", "Name of the guardian", "现监护人", ("监护人",)),
        Column("guardian_relation", "与儿童关系", "Relation to the child", "现监护人与儿童关系", ("监护人与儿童关系",)),
        Column(
            "guardian_id_number", "监护人身份证号码", "ID number of the guardian", "现监护人证件号码",
            ("监护人身份证号", "监护人证件号码", "监护人公民身份号码"),
        ),
        Column(
            "guardian_phone", "监护人电话", "Telephone of the guardian", "现监护人电话", ("联系电话", "监护人联系电话")
        ),
        Column("father_name", "父亲姓名", "Name of the father", "现登记的父亲"),
        Column("father_situation", "父亲情形", "Situation of the father", "父亲现有情形", ("父亲情况",)),
        Column("mother_name", "母亲姓名", "Name of the mother", "现登记的母亲"),
        Column("mother_situation", "母亲情形", "Situation of the mother", "母亲现有情形", ("母亲情况",)),
        Column("study_level", "就学阶段", "Level of schooling", "现就学阶段", ("学业情况", "就学情况")),
    )
}  # fmt: skip
"""All columns we can fill (可供栏目); which of them are asked for on a day is a parameter."""
WHEREABOUTS = frozenset({"registered_place", "living_place", "guardian_phone"})
"""Columns that tell where a child can be found (行踪栏目): left out while its whereabouts are kept secret."""

PLACES = frozenset({"registered_place", "living_place"})
READINGS: Mapping[str, Callable[[str], str | None]] = {
    "sex": SEX_WORDS.get,
    "id_number": normalise,
    "guardian_id_number": normalise,
    "ethnic_group": read_ethnic_group,
    "paid_category": read_category,
    "guardian_relation": read_relation,
}
PARTS = re.compile(r"[、,，;；\s]+")

ENDINGS = {
    "anew": ("资料变化后已重新录入", "Entered anew after a change"),
    "dropped": ("已在全国系统减员", "Dropped in the national system"),
    "mistaken": ("登记有误", "Marked by mistake"),
}
"""Why a mark ends (登记终止原因)."""

Key = TypeVar("Key", bound=Hashable)
Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One column in which a child differs (差异), with what we say and what stands there."""

    column: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Compared(Generic[Key]):
    """Two lists of children compared (比对结果): who stands in one alone, and where the others differ."""

    only_ours: tuple[Key, ...]
    only_theirs: tuple[Key, ...]
    differing: Mapping[Key, tuple[Difference, ...]]


def columns(on: date, jurisdiction: str = "") -> tuple[str, ...]:
    """The columns asked for on a day at a place (应填栏目), in their order. Raises LookupError."""
    return _codes("national_columns", on, jurisdiction)


def categories(on: date, jurisdiction: str = "") -> tuple[str, ...]:
    """The categories whose children must be entered (应录入类别). Raises LookupError."""
    return _codes("national_categories", on, jurisdiction)


def _codes(parameter: str, on: date, jurisdiction: str) -> tuple[str, ...]:
    found = shipped().value(parameter, on=on, jurisdiction=jurisdiction).value
    return found if isinstance(found, tuple) else ()


def due_on(confirmed_on: date, *, jurisdiction: str, calendar: WorkingCalendar) -> date:
    """The last day to enter a child (录入截止日): so many working days after it was confirmed. Raises LookupError."""
    days = shipped().number("national_entry_working_days", on=confirmed_on, jurisdiction=jurisdiction)
    return by_working_days(confirmed_on, days, jurisdiction=jurisdiction, calendar=calendar).due_on


def read_number(text: str) -> str | None:
    """A number there in its one form (系统编号), however it was typed; None where it cannot be one."""
    number = normalise(text)
    return number if re.match(NUMBER_FORM, number) else None


def differences(ours: Mapping[Key, Said], theirs: Mapping[Key, Said]) -> Compared[Key]:
    """Compares children column by column (差异比对), by a key of theirs such as an ID number, in our order.

    A column that only one side has is not compared: it was not asked for, or is kept back.
    """
    both = [key for key in ours if key in theirs]
    found = {key: differing(ours[key], theirs[key]) for key in both}
    return Compared(
        only_ours=tuple(key for key in ours if key not in theirs),
        only_theirs=tuple(key for key in theirs if key not in ours),
        differing={key: differs for key, differs in found.items() if differs},
    )


def differing(ours: Said, theirs: Said) -> tuple[Difference, ...]:
    """The columns in which one child differs (差异栏目), in the order of the columns."""
    return tuple(
        Difference(code, ours[code], theirs[code])
        for code in COLUMNS
        if code in ours and code in theirs and not _same(code, ours[code], theirs[code])
    )


def _same(code: str, ours: str, theirs: str) -> bool:
    """Whether two texts mean the same, however they were typed; a place may be said from the province or county on."""
    one, other = _read(code, ours), _read(code, theirs)
    if code in PLACES and ours and theirs:
        return str(one).endswith(str(other)) or str(other).endswith(str(one))
    return one == other


def _read(code: str, text: str) -> object:
    said = text.strip()
    if code in READINGS:
        return READINGS[code](said) or said
    if code.endswith("_situation"):
        return frozenset(filter(None, PARTS.split(said)))
    return "".join(said.split())

"""Copies (发出件): what may leave the system as a file or on paper, each kind for one reader and with its own columns.

Whoever asks for a copy says what for; over a number of children in a day a second person agrees first. What a kind
does not list stands in none of its copies. Where a child's whereabouts are kept secret, no kind tells them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from hutong.law import national_system
from hutong.law.identity import normalise
from hutong.law.texts import read_file

FILE = Path(__file__).parent / "parameters" / "system" / "copies.yaml"

PURPOSES = {
    "work_plan": ("工作安排", "Planning the work"),
    "visit": ("入户走访", "Visits at home"),
    "meeting": ("会商研判", "A case meeting"),
    "comparison": ("部门数据比对", "Comparison of data with another department"),
    "care": ("关爱服务对接", "Arranging care with a social organisation"),
    "archive": ("归入纸质档案", "The file on paper"),
    "court": ("司法机关调取", "Called for by a court or a procuratorate"),
    "family": ("告知儿童及监护人", "Telling the child and the guardian"),
    "audit": ("审计或督查", "Audit or inspection"),
    "national_entry": ("录入全国儿童福利信息系统", "Entering in the national system"),
}
"""What a copy is made for (用途)."""

COLUMNS = {
    "file_number": ("档案号", "File number"),
    "name": ("姓名", "Name"),
    "masked_name": ("称呼", "Short name"),
    "sex": ("性别", "Sex"),
    "birth_date": ("出生日期", "Date of birth"),
    "age": ("年龄", "Age"),
    "id_number": ("公民身份号码", "ID number"),
    "place": ("村（社区）", "Village"),
    "township": ("乡镇（街道）", "Township"),
    "address": ("住址", "Address"),
    "guardian": ("监护人", "Guardian"),
    "guardian_phone": ("监护人电话", "Telephone of the guardian"),
    "categories": ("类别", "Categories"),
} | {
    code: (column.title_zh, column.title_en)
    for code, column in national_system.COLUMNS.items()
    if code not in ("name", "sex", "birth_date", "id_number", "guardian_phone")
}
"""The columns of lists (名册栏目); printed forms name the parts they are made of."""
WHEREABOUTS = frozenset({"place", "township", "address", "guardian_phone"}) | national_system.WHEREABOUTS
"""Columns that tell where a child can be found (行踪栏目)."""
PARTS = {
    "numbers": ("证件号码（部分隐藏）", "Numbers, masked"),
    "family": ("类别、家庭成员", "Categories and the family"),
    "life": ("学业、健康和其他待遇", "Study, health and other aid"),
    "events": ("办理经过", "What was done"),
    "contact": ("住址和电话", "Address and telephone"),
    "findings": ("走访记录栏", "Room for what was found"),
    "rights": ("权利告知", "What the family may ask for"),
    "needs": ("需要的关爱", "The care that is asked for"),
}
"""Parts of printed forms beside their columns (表单内容)."""

NATIONAL = "export_national"
"""The list for the national system (全国系统录入名单)."""


@dataclass(frozen=True, slots=True)
class CopyKind:
    """One kind of copy (发出件种类): its permission bears the same code.

    `columns` of a list are codes of COLUMNS; of a printed form of one child, of COLUMNS and PARTS. A list that is not
    `is_of_filters` is asked for where its children are listed, not from the list of all.
    """

    code: str
    title_zh: str
    title_en: str
    reader_zh: str
    reader_en: str
    columns: tuple[str, ...]
    purposes: tuple[str, ...]
    is_list: bool = False
    is_of_filters: bool = True

    def columns_on(self, on: date) -> tuple[str, ...]:
        """The columns that stand in it on a day (当日栏目): of the national system's those it then asks for."""
        if self.code != NATIONAL:
            return self.columns
        asked = national_system.columns(on)
        return tuple(code for code in self.columns if code in asked or code not in national_system.COLUMNS)


KINDS = {
    kind.code: kind
    for kind in (
        CopyKind(
            "export_roster", "工作名册", "Working list", "本单位工作人员", "People of this office",
            ("file_number", "name", "sex", "age", "place", "guardian", "categories"),
            ("work_plan", "meeting", "audit"), is_list=True,
        ),
        CopyKind(
            "export_visiting", "走访名单", "List for visits", "儿童主任、儿童督导员", "Child directors and supervisors",
            ("name", "sex", "age", "place", "address", "guardian", "guardian_phone"),
            ("visit",), is_list=True,
        ),
        CopyKind(
            "export_comparison", "数据比对名单", "List for comparing data", "参加比对的部门",
            "A department that compares",
            ("file_number", "name", "sex", "birth_date", "id_number"),
            ("comparison", "audit"), is_list=True,
        ),
        CopyKind(
            "export_care", "关爱服务名单", "List for care", "承接服务的社会组织", "The social organisation that helps",
            ("masked_name", "sex", "age", "township"),
            ("care",), is_list=True,
        ),
        CopyKind(
            NATIONAL, "全国系统录入名单", "List for the national system", "录入全国系统的县级经办人员",
            "The county officer who enters it there",
            ("file_number", *national_system.COLUMNS),
            ("national_entry",), is_list=True, is_of_filters=False,
        ),
        CopyKind(
            "print_file", "儿童档案", "The child's file", "县、乡经办人员", "Officers of county and township",
            (
                "file_number", "name", "sex", "age", "place", "guardian", "numbers", "family", "life", "events",
            ),
            ("archive", "meeting", "court", "audit"),
        ),
        CopyKind(
            "print_visit", "走访表", "Sheet for a visit", "走访人员", "Whoever visits",
            ("file_number", "name", "sex", "age", "place", "guardian", "contact", "findings"),
            ("visit",),
        ),
        CopyKind(
            "print_family", "给家庭的告知单", "Sheet for the family", "儿童和监护人", "The child and the guardian",
            ("file_number", "name", "sex", "birth_date", "guardian", "categories", "numbers", "rights"),
            ("family",),
        ),
        CopyKind(
            "print_care", "关爱服务介绍单", "Introduction for care", "承接服务的社会组织",
            "The social organisation that helps",
            ("masked_name", "sex", "age", "township", "needs"),
            ("care",),
        ),
    )
}  # fmt: skip
UNSPOKEN = frozenset({"harmed", "psychological", "misconduct"})
"""Categories that the file on paper alone names (不外传类别): what was done to a child, its sufferings, its deeds."""
LISTS_BY_FILTERS = tuple(code for code, kind in KINDS.items() if kind.is_list and kind.is_of_filters)
LISTS = tuple(code for code, kind in KINDS.items() if kind.is_list)
FORMS = tuple(code for code, kind in KINDS.items() if not kind.is_list)


@dataclass(frozen=True, slots=True)
class CopyRules:
    """What holds for copies from a day on (发出规则)."""

    from_on: date
    is_provisional: bool
    children_alone: int
    children_at_most: int
    fetch: timedelta
    destroyed_after: Mapping[str, int]

    def days(self, kind: str) -> int | None:
        """Within how many days a copy of a kind is destroyed (销毁期限); None: it is kept with the paper file."""
        return self.destroyed_after.get(kind)


def copy_rules(on: date) -> CopyRules:
    """The rules that hold on a day. Raises LookupError for a day before the first."""
    held = [rules for rules in _rules() if rules.from_on <= on]
    if not held:
        raise LookupError(on)
    return held[-1]


@cache
def _rules() -> tuple[CopyRules, ...]:
    return tuple(sorted((_read(one) for one in read_file(FILE)), key=lambda rules: rules.from_on))


def _read(said: dict[str, Any]) -> CopyRules:
    return CopyRules(
        from_on=date.fromisoformat(said["from"]),
        is_provisional=said["provisional"] == "true",
        children_alone=int(said["children_alone"]),
        children_at_most=int(said["children_at_most"]),
        fetch=timedelta(hours=int(said["fetch_hours"])),
        destroyed_after={kind: int(days) for kind, days in said["destroyed_after_days"].items()},
    )


SERIAL_CHARACTERS, SERIAL_LENGTH = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 8
"""What a copy's number is made of: no two of these look alike."""


def copy_number(serial: str) -> str:
    """The number of a copy (发出件编号), `7K2M-9QXC-T`: eight characters and one that checks them."""
    return f"{serial[:4]}-{serial[4:]}-{mod_37_36.calc_check_digit(serial)}"


def read_copy_number(text: str) -> str | None:
    """A copy's number in its one form, however it was typed; None where a character is wrong."""
    compact = normalise(text)
    try:
        mod_37_36.validate(compact)
    except ValidationError:
        return None
    serial = compact[:-1]
    return copy_number(serial) if len(serial) == SERIAL_LENGTH and set(serial) <= set(SERIAL_CHARACTERS) else None

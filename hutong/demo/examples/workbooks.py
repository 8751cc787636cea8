"""The example workbooks (示例表格): real villages, invented children who are in no demonstration.

Their numbers begin with 990000, which no invented child of the demonstration has, and their surnames are none of its.
"""

from collections.abc import Iterable
from datetime import date
from random import Random

from hutong.demo import words
from hutong.demo.batches import grow_up, mixture
from hutong.demo.children import Children, InventedChild
from hutong.demo.examples.form import form_workbook
from hutong.demo.faults import ERRORS, WARNINGS
from hutong.demo.people import UYGUR, Invention
from hutong.demo.places import FEATURED_TOWNSHIP, Places
from hutong.demo.workbook import ALL_COLUMNS, Line, line_of, write_workbook
from hutong.divisions.reference import listed
from hutong.law.identity import Sex

SEED, PROVINCE = 2026, "64"
EXAMPLES_DAY = date(2025, 1, 20)
EARLIEST_BIRTH = date(2012, 1, 1)  # so that for some years nobody grows out of a category
NO_COUNTY = "640000"
CLEAN, FAULTY, ENGLISH, FORM = 25, 30, 10, 12
SPOILT = (
    "numeric_id", "id_check_character", "birth_date_contradicts_id", "phone_form", "division_unknown",
    "sex_contradicts_id", "id_length", "category_unknown", "no_id_no_reason", "code_form",
)  # fmt: skip
ANOTHER_PROVINCE = "620825103205"
REPEATED = 2

TITLE = "李俊镇儿童摸底登记表（2025年1月）"
EVERYDAY_COLUMNS = (
    "序号", "name", "id_number", "sex", "birth_date", "ethnic_group", "所在学校", "guardian_name",
    "guardian_relation", "guardian_phone", "guardian_id_number", "registered_division", "living_division",
    "living_address", "category", "category_from", "no_id_reason", "备注",
)  # fmt: skip
EVERYDAY_HEADERS = {
    "name": "儿童姓名", "id_number": "身份证号码", "birth_date": "出生年月日", "guardian_name": "监护人",
    "guardian_relation": "与儿童关系", "guardian_phone": "联系电话", "guardian_id_number": "监护人身份证号",
    "registered_division": "户籍地", "living_division": "现居住地", "living_address": "家庭住址", "category": "类别",
}  # fmt: skip


class _Elsewhere(Invention):
    """Makes up people whose names and numbers the demonstration never uses (示例人物)."""

    def surname(self, ethnic_group: str) -> str:
        return self.random.choice(words.EXAMPLE_SURNAMES)

    def id_number(self, *, region: str, born: date, sex: Sex) -> str:
        return super().id_number(region=NO_COUNTY, born=born, sex=sex)


def examples() -> dict[str, bytes]:
    """The workbooks by file name, the same every time."""
    invention = _Elsewhere(Random(SEED))
    places = Places(listed(PROVINCE), invention.random)
    made = Children(invention, places, on=EXAMPLES_DAY, province=PROVINCE)
    children = _children(made, places)
    clean = [line_of(child) for child in children[:CLEAN]]
    faulty = _faulty(children[CLEAN : CLEAN + FAULTY - REPEATED], invention)
    english = [_coded(child) for child in children[CLEAN + FAULTY :][:ENGLISH]]
    codes = {code: code for code in ALL_COLUMNS}
    left_behind = _fit(made.of_kind("left_behind", 3 * FORM, places.within(FEATURED_TOWNSHIP)))[:FORM]
    return {
        "children-clean.xlsx": write_workbook(clean, made_on=EXAMPLES_DAY),
        "children-faulty.xlsx": write_workbook(
            faulty,
            made_on=EXAMPLES_DAY,
            columns=EVERYDAY_COLUMNS,
            headers=EVERYDAY_HEADERS,
            sheet_title=TITLE,
        ),
        "children-headers-en.xlsx": write_workbook(english, made_on=EXAMPLES_DAY, headers=codes),
        "left-behind-form.xlsx": form_workbook(left_behind, invention, places, on=EXAMPLES_DAY),
    }


def _children(children: Children, places: Places) -> list[InventedChild]:
    """Enough children of one township, all with numbers and with names of the examples' own."""
    fit = _fit(mixture(children, 3 * (CLEAN + FAULTY + ENGLISH), places.within(FEATURED_TOWNSHIP)))
    Random(SEED).shuffle(fit)
    return fit


def _fit(found: Iterable[InventedChild]) -> list[InventedChild]:
    return [
        child
        for child in found
        if "id_number" in child.said and child.said["ethnic_group"] != UYGUR and child.born >= EARLIEST_BIRTH
    ]


def _faulty(children: list[InventedChild], invention: Invention) -> list[Line]:
    """Lines of an everyday list: some spoilt, one grown up, one of another province, two twice."""
    lines = [line_of(child) for child in children]
    spoils = [*(ERRORS[code] for code in SPOILT), *WARNINGS.values()]
    for line, spoil in zip(lines, spoils, strict=False):
        spoil(line)
    grow_up(invention, lines[-1], 18, on=EXAMPLES_DAY)
    lines[-2] |= {"living_division": ANOTHER_PROVINCE, "registered_division": ANOTHER_PROVINCE}
    lines += [dict(line) for line in lines[len(spoils) :][:REPEATED]]
    Random(SEED).shuffle(lines)
    for at, line in enumerate(lines, 1):
        line |= {"序号": str(at), "所在学校": "李俊镇中心小学", "备注": ""}
    return lines


def _coded(child: InventedChild) -> Line:
    """A line of codes alone, as another system would write it."""
    line: Line = dict(child.said)
    return line | {
        "category": ",".join(sorted(child.categories)),
        "category_from": child.holdings[0].from_on.isoformat(),
        "decision_number": child.holdings[0].decision_number,
    }

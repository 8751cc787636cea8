"""The example workbooks: as they lie in `examples/`, judged alone and against a demonstration."""

from collections import Counter

import pytest
from django.conf import settings

from hutong.demo import DEMONSTRATION_DAY
from hutong.demo.build import build
from hutong.demo.examples.workbooks import SPOILT, examples
from hutong.divisions.queries import places_from_list
from hutong.kit.workbooks.book import read_book
from hutong.kit.workbooks.layout import find_layout, sheet_of
from hutong.law.form_questions import QUESTIONS
from hutong.registry.intake.checking import judge_sheet, open_children
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import JudgedRow, NoRegister, Register
from hutong.registry.intake.reading import Circumstances
from hutong.registry.queries import RowsRegister

FOLDER = settings.BASE_DIR.parent / "examples"
EXPECTED = {
    "children-clean.xlsx": {"new": 25},
    "children-faulty.xlsx": {"new": 17, "invalid": 10, "repeat": 2, "outside": 1},
    "children-headers-en.xlsx": {"new": 10},
    "left-behind-form.xlsx": {"new": 12},
}


def _judged(name: str, register: Register) -> list[JudgedRow]:
    given = Circumstances(DEMONSTRATION_DAY, places_from_list(), "64", True)
    opened = open_children((FOLDER / name).read_bytes(), name=name)
    judged = judge_sheet(opened.sheet, given=given, covers=lambda code: code.startswith("64"), register=register)
    rows = [row for some in judged.slices for row in some]
    assert not judged.at_the_end()
    return rows


@pytest.mark.parametrize("name", EXPECTED)
def test_the_files_hold_what_is_written_today(name: str) -> None:
    kept, fresh = (read_book(content, name=name) for content in ((FOLDER / name).read_bytes(), examples()[name]))
    assert sheet_of(kept, find_layout(kept, CHILDREN)) == sheet_of(fresh, find_layout(fresh, CHILDREN))


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_judged_as_meant(name: str) -> None:
    assert Counter(row.verdict for row in _judged(name, NoRegister())) == EXPECTED[name]


def test_the_sound_examples_give_no_cause_for_a_remark() -> None:
    for name in ("children-clean.xlsx", "children-headers-en.xlsx", "left-behind-form.xlsx"):
        assert not any(row.problems for row in _judged(name, NoRegister()))


def test_the_official_form_is_read_to_its_last_blank() -> None:
    book = read_book((FOLDER / "left-behind-form.xlsx").read_bytes(), name="left-behind-form.xlsx")
    layout = find_layout(book, CHILDREN)
    assert layout.unknown == ["序号"]
    assert set(QUESTIONS) - {"guardianship"} <= set(layout.codes.values())
    said = _judged("left-behind-form.xlsx", NoRegister())[0].values
    assert {"father_name", "mother_id_number", "guardian_name", "living_address", "registered_division"} <= said.keys()
    assert {said["absence"], said["is_entrusted"], said["filled_on"]} == {"both_away", "yes", "2025-01-20"}


def test_the_faulty_example_shows_its_faults() -> None:
    rows = _judged("children-faulty.xlsx", NoRegister())
    found = {problem.code for row in rows for problem in row.problems}
    assert found == {*SPOILT, "outside", "repeat", "adult", "id_and_reason", "relation_unknown", "ethnic_group_unknown"}


@pytest.mark.django_db
def test_no_example_is_in_the_demonstration() -> None:
    build(children=400, seed=64, on=DEMONSTRATION_DAY)
    for name, expected in EXPECTED.items():
        assert Counter(row.verdict for row in _judged(name, RowsRegister())) == expected

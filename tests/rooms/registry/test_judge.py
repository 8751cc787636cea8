"""The judge: one verdict a row, in the contract's order, against the file and against the register."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kit.staging import Verdict
from hutong.law.identity import Sex
from hutong.registry.intake import judge
from hutong.registry.intake.answer import as_document, row_problems
from hutong.registry.intake.judge import matching_index
from hutong.registry.queries import RowsRegister
from tests.factories import (
    BORN,
    NEXT_COUNTY,
    ON,
    VILLAGE_OF_ANOTHER_PROVINCE,
    VILLAGE_OF_NEXT_COUNTY,
    VILLAGE_OF_NEXT_TOWNSHIP,
    child,
    holding,
    id_number,
    judge_rows,
    line,
    line_of,
)

NEW, SAME, CHANGED, POSSIBLE, REPEAT, OUTSIDE, INVALID = Verdict
NUMBERS = [id_number(at=at) for at in range(4)]
ROWS = st.builds(
    lambda name, number, reason, living, phone: line(
        name=name, id_number=number, no_id_reason=reason, living_division=living, guardian_phone=phone
    ),
    st.sampled_from(["柳安", "柳宁", "小3", ""]),
    st.sampled_from([*NUMBERS, NUMBERS[0].lower(), "", "99"]),
    st.sampled_from(["", "弃婴"]),
    st.sampled_from([VILLAGE_OF_NEXT_TOWNSHIP, VILLAGE_OF_NEXT_COUNTY, "640122100999"]),
    st.sampled_from(["", "13912345678", "无"]),
)


def verdicts(*rows: dict, register: object = None, prefix: str = "640122") -> list[Verdict]:
    return [row.verdict for row in judge_rows(rows, register=register, prefix=prefix)]


def problems(*rows: dict, register: object = None) -> list[tuple]:
    documents = [as_document(problem) for problem in row_problems(judge_rows(rows, register=register))]
    return [(one["row"], one["column"], one["code"]) for one in documents]


@given(st.lists(ROWS, max_size=8))
def test_verdicts_sum_to_rows_and_each_row_has_one(rows):
    judged = judge_rows(rows)
    assert len(judged) == len(rows)
    assert sum(Counter(row.verdict for row in judged).values()) == len(rows)
    bad = {row.number for row in judged if row.verdict == INVALID}
    assert bad == {row.number for row in judged if any(problem.severity == "error" for problem in row.problems)} - {
        row.number for row in judged if row.verdict in (OUTSIDE, REPEAT)
    }


@given(st.lists(st.sampled_from(NUMBERS), max_size=8))
def test_the_first_sight_of_a_number_is_new_and_every_later_one_a_repeat(numbers):
    judged = verdicts(*(line(id_number=number) for number in numbers))
    assert judged == [REPEAT if number in numbers[:at] else NEW for at, number in enumerate(numbers)]


def test_a_repeat_says_where_the_child_stood_first():
    row = line()
    assert problems(line(), row, row | {"id_number": row["id_number"].lower()}) == [(4, "证件号码", "repeat")]
    judged = judge_rows([line(), row, row])
    assert judged[2].problems[0].values == {"row": "3"}


def test_a_child_without_a_number_repeats_by_who_it_is():
    row = line(name="柳安", no_id_reason="弃婴")
    assert verdicts(row, row, row | {"name": "柳宁"}, row | {"guardian_name": "汤桂英"}) == [NEW, REPEAT, NEW, NEW]
    assert problems(row, row) == [(3, "姓名", "repeat")]


def test_real_twins_are_two_new_rows():
    numbers = [id_number(BORN, Sex.FEMALE, at) for at in (11, 12)]
    twins = [line(name=name, id_number=number) for name, number in zip(("柳安", "柳宁"), numbers, strict=True)]
    unregistered = [line(name=name, no_id_reason="出生未登记") for name in ("柳星", "柳月")]
    assert verdicts(*twins, *unregistered) == [NEW] * 4


def test_a_slice_remembers_the_slices_before(monkeypatch):
    monkeypatch.setattr(judge, "SLICE", 2)
    row = line()
    assert verdicts(row, line(), line(), row, row) == [NEW, NEW, NEW, REPEAT, REPEAT]


@pytest.mark.parametrize(
    ("cells", "column", "place"),
    [
        ({"living_division": VILLAGE_OF_NEXT_COUNTY}, "现居住地行政区划代码", "永宁县 "),
        ({"living_division": VILLAGE_OF_ANOTHER_PROVINCE}, "现居住地行政区划代码", "甘肃省"),
        ({"responsible_division": VILLAGE_OF_NEXT_COUNTY}, "管辖地", "永宁县 "),
        ({"registered_division": VILLAGE_OF_NEXT_COUNTY, "category": "孤儿"}, "户籍地行政区划代码", "永宁县 "),
    ],
)
def test_an_outside_row_says_which_column_leads_where(cells, column, place):
    (row,) = judge_rows([line(**cells)])
    assert row.verdict == OUTSIDE
    assert row.problems[0].values["place"].startswith(place)
    assert problems(line(**cells)) == [(2, column, "outside")]


def test_invalid_comes_before_outside_and_outside_before_repeat():
    away = line(living_division=VILLAGE_OF_NEXT_COUNTY)
    assert verdicts(away | {"guardian_phone": "无"}, away, away) == [INVALID, OUTSIDE, OUTSIDE]


def test_an_invalid_row_is_nobodys_first_sight():
    row = line()
    assert verdicts(row | {"guardian_phone": "无"}, row, row) == [INVALID, NEW, REPEAT]


@pytest.mark.django_db
def test_what_the_register_says_already_is_the_same(django_assert_num_queries):
    with_number, without = child(), child(id_number="")
    rows = [line_of(with_number), line_of(without)]
    assert verdicts(*rows, register=RowsRegister()) == [SAME, SAME]
    assert problems(*rows, register=RowsRegister()) == []


@pytest.mark.django_db
def test_a_row_that_says_less_says_the_same():
    known = child(guardian={"phone": "13912345678"}, address="甘露街 1 号", ethnic_group="03")
    row = line_of(known, category=None, guardian_name=None, guardian_relation=None)
    assert verdicts(row, register=RowsRegister()) == [SAME]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "cell", "header"),
    [
        ("name", "柳清和", "姓名"),
        ("ethnic_group", "回族", "民族"),
        ("registered_division", VILLAGE_OF_NEXT_COUNTY, "户籍地行政区划代码"),
        ("living_division", VILLAGE_OF_NEXT_TOWNSHIP, "现居住地行政区划代码"),
        ("living_address", "甘露街 2 号", "现居住地详细地址"),
        ("guardian_name", "汤桂英", "监护人姓名"),
        ("guardian_relation", "外祖母", "监护人与儿童关系"),
        ("guardian_phone", "13912345678", "监护人电话"),
        ("category", "残疾儿童", "儿童类别"),
    ],
)
def test_a_difference_is_named_by_its_column(column, cell, header):
    row = line_of(child()) | {column: cell}
    assert verdicts(row, register=RowsRegister()) == [CHANGED]
    (judged,) = judge_rows([row], register=RowsRegister())
    assert judged.problems[0].values["columns"] == header
    assert judged.problems[0].values["codes"].split()[0] == column
    assert problems(row, register=RowsRegister()) == [(2, header, "changed")]


@pytest.mark.django_db
def test_a_number_that_another_place_holds_is_possible_and_tells_nothing_of_the_child():
    elsewhere = child(living_code=VILLAGE_OF_NEXT_COUNTY)
    row = line_of(elsewhere, living_division=VILLAGE_OF_NEXT_TOWNSHIP)
    (judged,) = judge_rows([row], register=RowsRegister())
    assert (judged.verdict, judged.known) == (POSSIBLE, None)
    assert problems(row, register=RowsRegister()) == [(2, "证件号码", "exists_elsewhere")]
    assert judged.problems[0].values == {}


@pytest.mark.django_db
def test_a_namesake_of_the_county_is_possible_where_a_number_is_missing():
    unnumbered, numbered = child(id_number=""), child()
    rows = [
        line_of(unnumbered, id_number=id_number(), no_id_reason=None),
        line_of(numbered, id_number=None, no_id_reason="户口待办"),
    ]
    assert verdicts(*rows, register=RowsRegister()) == [POSSIBLE, POSSIBLE]
    assert problems(*rows, register=RowsRegister()) == [(2, "姓名", "possible_match"), (3, "姓名", "possible_match")]


@pytest.mark.django_db
def test_namesakes_with_two_numbers_are_possible_under_one_guardian_alone():
    known = child()
    under_one = line_of(known, id_number=id_number())
    under_another = under_one | {"id_number": id_number(), "guardian_name": "汤桂英"}
    assert verdicts(under_one, under_another, register=RowsRegister()) == [POSSIBLE, NEW]


@pytest.mark.django_db
def test_a_namesake_in_another_county_is_nobody_to_this_one():
    row = line_of(child(living_code=VILLAGE_OF_NEXT_COUNTY), living_division=VILLAGE_OF_NEXT_TOWNSHIP)
    assert verdicts(row | {"id_number": id_number()}, register=RowsRegister()) == [NEW]


@pytest.mark.django_db
def test_a_repeat_comes_before_what_the_register_says():
    same, changed = child(), child()
    rows = [line_of(same), line_of(changed, guardian_phone="13912345678")]
    assert verdicts(*rows, *rows, register=RowsRegister()) == [SAME, CHANGED, REPEAT, REPEAT]


@pytest.mark.django_db
def test_a_child_with_a_number_is_not_found_by_who_it_is():
    known = child()
    said = {"name": known.name, "sex": known.sex, "birth_date": known.birth_date.isoformat(), "guardian_name": "柳桂兰"}
    assert bytes(known.matching_index) == matching_index(said)
    assert RowsRegister().by_matching([matching_index(said)]) == {}


@pytest.mark.django_db
def test_register_look_ups_do_not_grow_with_the_rows(django_assert_max_num_queries):
    rows = [line_of(child()) for _ in range(20)] + [line() for _ in range(20)]
    with django_assert_max_num_queries(12):
        judged = verdicts(*rows, register=RowsRegister())
    assert Counter(judged) == {SAME: 20, NEW: 20}


@pytest.mark.parametrize("prefix", ["64", "6401", "640122", "640122101", VILLAGE_OF_NEXT_TOWNSHIP])
def test_every_level_of_jurisdiction_covers_its_villages(prefix):
    row = line(living_division=VILLAGE_OF_NEXT_TOWNSHIP)
    assert verdicts(row, prefix=prefix) == [NEW]
    assert verdicts(row, prefix=NEXT_COUNTY) == [OUTSIDE]


@pytest.mark.django_db
def test_a_row_that_cannot_change_its_child_is_left_for_a_person():
    closed = child(holdings=[], closed_on=ON, closed_reason="moved_out")
    paid, before = child(holdings=["de_facto"]), child(holdings=[])
    holding(before, "dibao", until_on=date(2025, 5, 31))
    rows = [
        line_of(closed, category="低保家庭"),
        line_of(closed),
        line_of(paid, category="社会散居孤儿"),
        line_of(before, category="低保家庭", category_from="2025-05-31"),
        line_of(before, category="低保家庭", category_from="2025-06-01"),
        line_of(paid, category="事实无人抚养、低保家庭"),
    ]
    assert verdicts(*rows[:1], *rows[2:4], register=RowsRegister()) == [POSSIBLE] * 3
    assert verdicts(rows[1], rows[4], rows[5], register=RowsRegister()) == [POSSIBLE, CHANGED, CHANGED]
    assert problems(rows[0], *rows[2:4], register=RowsRegister()) == [
        (2, "证件号码", "closed_file"),
        (3, "儿童类别", "paid_beside"),
        (4, "类别起始日期", "category_held_then"),
    ]


@pytest.mark.django_db
def test_a_row_of_a_closed_file_is_left_to_a_person():
    closed = child(closed_on=date(2025, 1, 31), closed_reason="moved_out")

    rows = judge_rows([line_of(closed, guardian_name="柳新监")], register=RowsRegister())

    assert (rows[0].verdict, [problem.code for problem in rows[0].problems]) == ("possible", ["closed_file"])

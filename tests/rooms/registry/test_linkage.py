"""Linkage: what a slip, a move or a twin does to the probability that two records are one child."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.law.identity import check_character
from hutong.registry.linkage.model import THRESHOLD, Model, Outcome
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.rivals import Kind

MODEL = Model.load()


def number(body: str) -> str:
    return body + check_character(body)


BORN, OTHER_DAY = date(2015, 3, 7), date(2014, 9, 21)
ID, TWINS_ID = number("99012220150307002"), number("99012220150307004")
CHILD = Record("1", "马晓燕", "2", BORN, ID, "640122101201", "马德福", "15400001111")
BOY = CHILD._replace(name="马·伊布拉欣", sex="1", id_number="")
ELSEWHERE = {"living_division": "640324100201", "guardian_name": "白玉", "guardian_phone": "15422223333"}


def probability(one: Record, other: Record) -> float:
    return MODEL.weigh(one, other)[0]


def level(field: str, one: Record, other: Record) -> str:
    return next(step.level for step in MODEL.weigh(one, other)[1].steps if step.field == field)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("马晓燕", "identical"),
        (" 马 晓燕", "identical"),
        ("馬曉燕", "variant"),
        ("马小燕", "sound"),
        ("Ma Xiaoyan", "sound"),
        ("MA XIAO YAN", "sound"),
        ("马饶燕", "look"),
        ("马燕晓", "order"),
        ("马燕", "part"),
        ("杨晓燕", "given"),
        ("马晓军", "one_character"),
        ("马志强", "surname"),
        ("白志强", "different"),
        ("", "missing"),
    ],
)
def test_names_agree_so_far(name, expected):
    assert level("name", CHILD, CHILD._replace(name=name)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("马·伊布拉欣", "马•伊布拉欣", "identical"),
        ("马·伊布拉欣", "马伊布拉欣", "variant"),
        ("马·伊布拉欣", "马·易卜拉欣", "variant"),
        ("马·伊布拉欣", "伊卜拉欣", "short_form"),
        ("阿迪力·吐尔逊", "阿地力", "short_form"),
        ("阿迪力·吐尔逊", "艾力·吐尔逊", "surname"),
        ("阿迪力·吐尔逊", "阿迪力·库尔班", "given"),
        ("阿不都热依木·阿不都克里木·吐尔逊", "阿卜杜热依木", "short_form"),
        ("阿不都热依木·" * 8 + "马", "阿不都热依木·" * 8 + "白", "variant"),
        ("解乐", "谢乐", "sound"),
        ("单文静", "善文静", "sound"),
        ("马常乐", "马常悦", "sound"),
        ("欧阳安然", "欧阳安冉", "sound"),
    ],
)
def test_polyphones_dots_and_short_forms(one, other, expected):
    assert level("name", BOY._replace(name=one), BOY._replace(name=other)) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (BORN, "same"),
        (date(2015, 7, 3), "swapped"),
        (date(2015, 3, 1), "one_digit"),
        (date(2015, 3, 8), "one_digit"),
        (date(2016, 3, 7), "one_digit"),
        (date(2015, 1, 1), "rough"),
        (date(2015, 3, 21), "month"),
        (date(2009, 3, 7), "day_of_year"),
        (date(2015, 11, 28), "year"),
        (OTHER_DAY, "different"),
    ],
)
def test_birth_dates_agree_so_far(born, expected):
    one = CHILD._replace(id_number="")

    assert level("birth_date", one, one._replace(birth_date=born)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (ID, "same"),
        (ID.lower(), "same"),
        (f" {ID[:6]} {ID[6:]}", "same"),
        (ID[:9] + "8" + ID[10:], "one_slip"),
        (ID[:12] + ID[13] + ID[12] + ID[14:], "one_slip"),
        (ID[:11] + ID[12:], "one_slip"),
        (ID[:11] + "5" + ID[11:], "one_slip"),
        (ID[:2] + "77" + ID[4:], "two_slips"),
        (TWINS_ID, "both_valid"),
        (number("99032420120101003"), "both_valid"),
        ("990324201", "unlike"),
    ],
)
def test_numbers_agree_so_far(written, expected):
    assert level("id_number", CHILD, CHILD._replace(id_number=written)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("640122101201", "640122101201", "village"),
        ("640122101201", "640122101202", "township"),
        ("640122101201", "640122101", "township"),
        ("640122101000", "640122101000", "township"),
        ("640122101201", "640122102201", "county"),
        ("640122", "640122000000", "county"),
        ("640122101201", "640324100201", "different"),
        ("三营村", "三营村", "village"),
        ("三营村", "640324100201", "different"),
        ("", "640324100201", "missing"),
    ],
)
def test_places_are_so_near(one, other, expected):
    assert (
        level("living_division", CHILD._replace(living_division=one), CHILD._replace(living_division=other)) == expected
    )


@pytest.mark.parametrize(
    ("phone", "expected"),
    [("15400001112", "one_slip"), ("15400011011", "different"), ("1540001111", "one_slip"), ("+8615400001111", "same")],
)
def test_telephones_agree_so_far(phone, expected):
    assert level("guardian_phone", CHILD, CHILD._replace(guardian_phone=phone)) == expected


SLIPS = {
    "nothing": {},
    "homophone": {"name": "马小燕"},
    "traditional, no number": {"name": "馬曉燕", "id_number": ""},
    "pinyin, no number": {"name": "Ma Xiaoyan", "id_number": ""},
    "look-alike": {"name": "马饶燕"},
    "swapped day, no number": {"birth_date": date(2015, 7, 3), "id_number": ""},
    "wrong digit in the date, no number": {"birth_date": date(2016, 3, 7), "id_number": ""},
    "wrong digit in the number": {"id_number": ID[:9] + "8" + ID[10:]},
    "turned digits in the number": {"id_number": ID[:12] + ID[13] + ID[12] + ID[14:]},
    "missing digit in the number": {"id_number": ID[:11] + ID[12:]},
    "other telephone, no number": {"guardian_phone": "15422223333", "id_number": ""},
    "wrong digit in the telephone, no number": {"guardian_phone": "15400001112", "id_number": ""},
    "moved, no number": {"living_division": "640324100201", "id_number": ""},
    "other guardian, no number": {"guardian_name": "杨秀兰", "id_number": ""},
    "moved, other guardian and telephone": ELSEWHERE,
}


@pytest.mark.parametrize("changed", SLIPS.values(), ids=SLIPS)
def test_one_child_in_spite_of(changed):
    assert probability(CHILD, CHILD._replace(**changed)) >= THRESHOLD


OTHERS = {
    "twin": {"name": "马晓梅", "id_number": TWINS_ID},
    "twin brother": {"name": "马晓军", "sex": "1", "id_number": number("99012220150307001")},
    "twin without a number": {"name": "马晓梅", "id_number": ""},
    "twin of the same sound": {"name": "马小燕", "id_number": TWINS_ID},
    "sister": {"name": "马晓梅", "birth_date": date(2017, 5, 2), "id_number": number("99012220170502004")},
    "sister without a number": {"name": "马晓梅", "birth_date": date(2017, 5, 2), "id_number": ""},
    "namesake": {"birth_date": OTHER_DAY, "id_number": number("99032420140921004"), **ELSEWHERE},
    "namesake without a number": {"birth_date": OTHER_DAY, "id_number": "", **ELSEWHERE},
    "namesake of the same day": {"id_number": number("99032420150307004"), **ELSEWHERE},
    "somebody else with the number": {"name": "王子轩", "sex": "1", "birth_date": OTHER_DAY, **ELSEWHERE},
    "somebody else of that day with the number": {"name": "白玉兰", **ELSEWHERE},
}


@pytest.mark.parametrize("changed", OTHERS.values(), ids=OTHERS)
def test_another_child_is(changed):
    assert probability(CHILD, CHILD._replace(**changed)) < THRESHOLD


def test_two_right_numbers_are_never_joined_without_a_person():
    """Even where all the rest agrees, a person decides."""
    assert MODEL.decide(probability(CHILD, CHILD._replace(id_number=TWINS_ID))) is not Outcome.SAME


def test_a_name_and_a_day_alone_are_never_joined_without_a_person():
    one = Record("1", "拜若溪", birth_date=BORN)

    assert MODEL.decide(probability(one, one)) is Outcome.ASK


def test_a_common_name_says_less_than_a_rare_one():
    common, rare = Record("1", "马晨", birth_date=BORN), Record("1", "庞青舟", birth_date=BORN)

    assert probability(common, common) < probability(rare, rare)


def test_two_of_a_name_are_likelier_two_children_the_more_children_there_are():
    one = Record("1", "马晓燕", birth_date=BORN)

    assert MODEL.weigh(one, one, population=10_000_000)[0] < probability(one, one)


def test_less_is_known_where_columns_are_missing():
    one = Record("1", "马晓燕")
    with_day, with_telephone = one._replace(birth_date=BORN), one._replace(guardian_phone="15400001111")

    assert probability(one, one) < 0.1
    assert probability(with_day, with_day) > probability(one, one)
    assert probability(with_telephone, with_telephone) > THRESHOLD
    assert probability(with_day, with_day._replace(birth_date=OTHER_DAY)) < 0.01


def test_day_and_sex_are_read_out_of_a_right_number_and_not_counted_twice():
    number_alone = Record("2", "马晓燕", id_number=ID)

    assert level("birth_date", CHILD, number_alone) == "same"
    assert level("sex", CHILD, number_alone) == "same"
    assert level("birth_date", CHILD, number_alone._replace(id_number=ID[:-1] + "0")) == "missing"


def test_a_score_is_the_sum_of_its_steps():
    found, explained = MODEL.weigh(CHILD, CHILD._replace(name="马小燕", id_number=""))
    odds = 2 ** sum(step.weight for step in explained.steps)

    assert explained.rival is Kind.TWIN
    assert found == pytest.approx(odds / (1 + odds))


def test_costs_draw_the_lines():
    assert MODEL.decide(MODEL.costs.same) is Outcome.SAME
    assert MODEL.decide(MODEL.costs.same - 1e-6) is Outcome.ASK
    assert MODEL.decide(MODEL.costs.ask - 1e-6) is Outcome.DIFFERENT


WORDS = st.text(st.sampled_from("马晓燕小梅解谢乐·aX1 "), max_size=6)
RECORDS = st.builds(
    Record,
    key=st.just("1"),
    name=WORDS,
    sex=st.sampled_from(["", "1", "2", "9"]),
    birth_date=st.none() | st.dates(date(2014, 1, 1), date(2015, 12, 31)),
    id_number=st.sampled_from(["", ID, TWINS_ID, ID[:9], "X", "9" * 30]),
    living_division=st.sampled_from(["", "640122101201", "640122101202", "640324100201", "三营村"]),
    guardian_name=WORDS,
    guardian_phone=st.sampled_from(["", "15400001111", "0951-2222333", "？"]),
)


@given(RECORDS, RECORDS)
def test_any_two_records_have_one_probability_whichever_comes_first(one, other):
    found = probability(one, other)

    assert 0 <= found <= 1
    assert found == pytest.approx(probability(other, one))

"""The national system: which categories and columns it asks for on a day, by when, and where a child differs."""

from datetime import date

import pytest

from hutong.law import copies, national_system
from hutong.law.calendar import shipped_calendar
from hutong.law.categories import CATEGORIES
from hutong.law.national_system import COLUMNS, WHEREABOUTS, Difference, differences, differing, read_number
from hutong.law.parameters import shipped

ON = date(2026, 6, 18)


def test_every_column_says_what_it_is_and_from_what_it_is_filled():
    assert set(national_system.columns(ON)) == set(COLUMNS)
    for code, column in COLUMNS.items():
        assert column.code == code and column.title_zh and column.title_en and column.filled_zh
    headers = [header for column in COLUMNS.values() for header in (column.title_zh, *column.also)]
    assert len(headers) == len(set(headers))


def test_the_columns_are_said_to_be_ours_until_they_are_known():
    for code in ("national_columns", "national_entry_working_days"):
        value = shipped().value(code, on=ON)
        assert value.is_provisional and value.note


def test_orphans_were_entered_first_and_de_facto_children_since_2020():
    assert national_system.categories(date(2019, 12, 31)) == ("orphan_institution", "orphan_kin")
    assert national_system.categories(ON) == ("orphan_institution", "orphan_kin", "de_facto")
    assert {code for code, category in CATEGORIES.items() if category.paid} == set(national_system.categories(ON))
    with pytest.raises(LookupError):
        national_system.categories(date(2009, 12, 31))


def test_the_last_day_is_counted_from_the_day_after_in_working_days():
    """Thursday 18 June 2026; from Friday 19 to Sunday 21 is the Dragon Boat holiday."""
    due = national_system.due_on(ON, jurisdiction="640121", calendar=shipped_calendar())
    assert due == date(2026, 6, 26)


@pytest.mark.parametrize(
    ("code", "ours", "theirs"),
    [
        ("sex", "男", "1"),
        ("id_number", "99000020150307001X", "9900 0020 1503 0700 1x"),
        ("ethnic_group", "回族", "回"),
        ("paid_category", "孤儿（社会散居）", "散居孤儿"),
        ("guardian_relation", "祖母", "奶奶"),
        ("father_situation", "死亡、失联", "失联，死亡"),
        ("registered_place", "银川市 永宁县 杨和镇", "宁夏回族自治区银川市永宁县杨和镇"),
        ("living_place", "银川市 永宁县 杨和镇", "永宁县杨和镇"),
        ("name", "柳 安和", "柳安和"),
        ("decided_on", "2026-06-18", " 2026-06-18 "),
    ],
)
def test_what_is_only_typed_otherwise_is_no_difference(code, ours, theirs):
    assert differing({code: ours}, {code: theirs}) == ()


@pytest.mark.parametrize(
    ("code", "ours", "theirs"),
    [
        ("sex", "男", "女"),
        ("id_number", "990000201503070010", "990000201503070011"),
        ("paid_category", "孤儿（社会散居）", "孤儿（集中养育）"),
        ("father_situation", "死亡、失联", "死亡"),
        ("living_place", "银川市 永宁县 杨和镇", "银川市 永宁县 李俊镇"),
        ("living_place", "银川市 永宁县 杨和镇", ""),
        ("guardian_name", "", "柳桂兰"),
    ],
)
def test_what_means_something_else_is_a_difference(code, ours, theirs):
    assert differing({code: ours}, {code: theirs}) == (Difference(code, ours, theirs),)


def test_a_column_of_one_side_alone_is_not_compared():
    assert differing({"name": "柳安和", "living_place": "杨和镇"}, {"name": "柳安和", "study_level": "本科"}) == ()


def test_children_are_compared_in_our_order_and_columns_in_theirs():
    ours = {"b": {"name": "乙", "sex": "男"}, "a": {"name": "甲", "sex": "男"}, "c": {"name": "丙"}}
    theirs = {"a": {"sex": "女", "name": "假"}, "d": {"name": "丁"}, "b": {"name": "乙", "sex": "男"}}
    compared = differences(ours, theirs)
    assert (compared.only_ours, compared.only_theirs) == (("c",), ("d",))
    assert compared.differing == {"a": (Difference("name", "甲", "假"), Difference("sex", "男", "女"))}
    assert differences({}, theirs).only_theirs == ("a", "d", "b")


@pytest.mark.parametrize(
    ("typed", "number"),
    [(" 6401 2120-26x ", "6401212026X"), ("ABC123", "ABC123"), ("12345", None), ("A" * 33, None), ("编号123456", None)],
)
def test_a_number_has_one_form(typed, number):
    assert read_number(typed) == number


def test_the_copy_for_it_holds_its_columns_and_keeps_whereabouts_back():
    kind = copies.KINDS[copies.NATIONAL]
    assert kind.columns_on(ON) == ("file_number", *national_system.columns(ON))
    assert WHEREABOUTS <= copies.WHEREABOUTS and set(COLUMNS) > WHEREABOUTS
    assert copies.NATIONAL not in copies.LISTS_BY_FILTERS and copies.NATIONAL in copies.LISTS
    assert copies.KINDS["export_care"].columns_on(ON) == copies.KINDS["export_care"].columns

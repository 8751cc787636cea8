"""Reads of the divisions: places by name and code, as of a day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from hutong.divisions import queries
from hutong.divisions.models import Division, Succession
from hutong.law.division_code import Level
from tests.factories import COUNTY, NEXT_COUNTY, ON, VILLAGE, VILLAGE_OF_ANOTHER_PROVINCE

GONE, MERGED, WHOLE = "640122100901", "640122100902", "640122100903"


def place(code: str = GONE, **more: object) -> Division:
    values = {"name": "旧村", "level": Level.VILLAGE, "pinyin": "jiucun", "initials": "jc", "source": "invented"}
    return Division.objects.create(code=code, **values | more)


def found(text: str, *within: str) -> list[str]:
    return [one.code for one in queries.find(text, within=within or [COUNTY], on=ON)]


@pytest.mark.parametrize("text", ["黎明村", "liming", "LiMing", "lmcwh", "640122100200", " 黎明 "])
def test_a_place_is_found_by_name_pinyin_initials_and_code(divisions, text):
    assert VILLAGE in found(text)


def test_places_are_found_inside_the_prefixes_alone(divisions):
    assert found("习岗镇") == ["640122100000"]
    assert found("习岗镇", NEXT_COUNTY) == []
    assert queries.find("习岗镇", within=[], on=ON) == queries.find("  ", within=["64"], on=ON) == []
    assert queries.find("\0", within=["64"], on=ON) == []
    assert len(found("村", "64")) == 12


@pytest.mark.django_db
def test_a_division_stands_from_its_first_to_its_last_day():
    place(valid_from=date(2020, 1, 1), valid_until=date(2024, 12, 31))
    stands = [
        queries.valid_on(on).exists()
        for on in (date(2019, 12, 31), date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    ]
    assert stands == [False, True, True, False]


def test_names_are_said_as_people_say_them(divisions):
    assert queries.names_of([VILLAGE, "640122001001"]) == {VILLAGE: "黎明村", "640122001001": "利民社区"}
    assert queries.path_names([VILLAGE]) == {VILLAGE: "银川市 贺兰县 习岗镇 黎明村"}
    assert queries.short_names([VILLAGE, "not a code"]) == {VILLAGE: "习岗镇 黎明村"}


@pytest.mark.django_db
def test_the_latest_name_of_a_code_is_the_name():
    place(name="旧名村", valid_until=date(2020, 12, 31))
    place(name="新名村", valid_from=date(2021, 1, 1))
    assert queries.names_of([GONE]) == {GONE: "新名村"}


@pytest.mark.django_db
def test_reads_of_history_expand_through_successors_of_the_day():
    for from_code, to_code, on in ((GONE, MERGED, date(2020, 1, 1)), (MERGED, WHOLE, date(2024, 1, 1))):
        Succession.objects.create(from_code=from_code, to_code=to_code, on=on)
    assert queries.expanded([WHOLE], on=ON) == {GONE, MERGED, WHOLE}
    assert queries.expanded([WHOLE], on=date(2023, 12, 31)) == {WHOLE}
    assert queries.expanded([GONE], on=ON) == {GONE}


@pytest.mark.django_db
def test_successions_in_a_circle_come_to_an_end():
    Succession.objects.create(from_code=GONE, to_code=MERGED, on=ON)
    Succession.objects.create(from_code=MERGED, to_code=GONE, on=ON)
    assert queries.expanded([GONE], on=ON) == {GONE, MERGED}


def test_the_judge_is_told_how_a_code_stands(divisions):
    place(valid_until=ON - timedelta(days=1))
    places = queries.places_from_register(on=ON)
    standing = [places.standing(code) for code in (VILLAGE, GONE, MERGED, VILLAGE_OF_ANOTHER_PROVINCE)]
    assert standing == ["valid", "withdrawn", "unknown", "elsewhere"]
    assert (places.level(VILLAGE), places.title(VILLAGE)) == (Level.VILLAGE, "贺兰县 习岗镇")
    assert places.title("640100000000") == "银川市"
    assert places.title(VILLAGE_OF_ANOTHER_PROVINCE) == "甘肃省 平凉市 庄浪县"


def test_a_code_of_another_province_is_known_abolished_or_unknown(divisions):
    places = queries.places_from_register(on=ON)
    standing = [places.standing(code) for code in ("330106000000", "110103000000", "330199000000", "810000000000")]
    assert standing == ["elsewhere", "abolished", "unknown", "elsewhere"]
    assert [places.last_year(code) for code in ("110103000000", "330106000000", "330199000000")] == [2010, None, None]


def test_places_elsewhere_are_said_with_their_province(divisions):
    codes = ["330106000000", VILLAGE_OF_ANOTHER_PROVINCE, "330199000000", VILLAGE]
    elsewhere = {
        "330106000000": "浙江省 杭州市 西湖区",
        VILLAGE_OF_ANOTHER_PROVINCE: "甘肃省 平凉市 庄浪县",
        "330199000000": "330199000000",
    }
    assert queries.path_names(codes) == elsewhere | {VILLAGE: "银川市 贺兰县 习岗镇 黎明村"}
    assert queries.short_names(codes) == elsewhere | {VILLAGE: "习岗镇 黎明村"}


def test_a_registered_place_is_found_here_to_the_village_and_elsewhere_to_the_county(divisions):
    found = {place.code for place in queries.find_anywhere("xinhua", on=ON)}
    here, elsewhere = {code for code in found if code[:2] == "64"}, {code for code in found if code[:2] != "64"}
    assert here and elsewhere and len(found) == 12
    assert [place.code for place in queries.find_anywhere("贺兰县", on=ON)] == ["640122000000"]
    assert [place.code for place in queries.find_anywhere("杭州 西湖", on=ON)] == ["330106000000"]
    assert queries.find_anywhere(" ", on=ON) == []


def succeed(before: str, *after: str, on: date = ON) -> None:
    for code in after:
        Succession.objects.create(from_code=before, to_code=code, on=on)


@pytest.mark.django_db
def test_one_successor_after_another_is_followed_and_a_split_has_none():
    split, half = "640122100904", "640122100905"
    succeed(GONE, MERGED, on=date(2020, 1, 1)), succeed(MERGED, WHOLE), succeed(split, half, WHOLE)
    assert queries.successor_of([GONE, MERGED, WHOLE, split], on=ON) == {GONE: WHOLE, MERGED: WHOLE}
    assert queries.successor_of([GONE, MERGED], on=ON - timedelta(days=1)) == {GONE: MERGED}
    assert queries.withdrawn_with_successors(on=ON) == {GONE, MERGED, split}


@pytest.mark.django_db
def test_what_stands_still_and_what_goes_in_a_circle_has_no_successor():
    place(GONE), succeed(GONE, MERGED), succeed(MERGED, WHOLE), succeed(WHOLE, MERGED)
    assert queries.successor_of([GONE, MERGED, WHOLE], on=ON) == {}
    assert GONE not in queries.withdrawn_with_successors(on=ON)


def test_the_list_and_the_register_answer_alike(divisions):
    shipped, kept = queries.places_from_list(), queries.places_from_register(on=ON)
    for code in (VILLAGE, "640122100000", MERGED, VILLAGE_OF_ANOTHER_PROVINCE):
        assert shipped.standing(code) == kept.standing(code)
        assert shipped.title(code) == kept.title(code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "violate"),
    [
        ("division_code_once", lambda: (place(), place())),
        ("division_code_form", lambda: place("64012210020")),
        ("division_span_forward", lambda: place(valid_from=ON, valid_until=ON - timedelta(days=1))),
        ("succession_once", lambda: [Succession.objects.create(from_code=GONE, to_code=WHOLE, on=ON) for _ in "12"]),
        ("succession_codes_form", lambda: Succession.objects.create(from_code=GONE, to_code=GONE, on=ON)),
        ("succession_codes_form", lambda: Succession.objects.create(from_code="64", to_code=GONE, on=ON)),
    ],
)
def test_the_database_refuses(constraint, violate):
    with pytest.raises(IntegrityError, match=constraint):
        violate()

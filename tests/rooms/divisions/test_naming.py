"""Places in words: whole names only, one place or none."""

import pytest

from hutong.divisions import national
from hutong.divisions.naming import PlaceNames, province_short
from hutong.divisions.queries import places_from_list, places_from_register
from hutong.law.division_code import Level
from tests.factories import COUNTY, NEXT_COUNTY, ON, TOWNSHIP

NEW_VILLAGE = "640122100205"  # 贺兰县 习岗镇 新胜村
PLACES = places_from_list()


def named(text: str, within: str = COUNTY) -> tuple[tuple[str, ...], str]:
    found = PLACES.named(text, within=within)
    return found.codes, found.rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("宁夏回族自治区银川市贺兰县习岗镇新胜村3组12号", "3组12号"),
        ("宁夏 贺兰县 习岗镇 新胜村", ""),
        ("银川市贺兰县习岗镇新胜村民委员会", ""),
        ("贺兰县习岗镇新胜村", ""),
        ("贺兰县新胜村村民三组", "村民三组"),
        ("习岗镇新胜村委会", ""),
        ("习岗乡新胜社区居委会", ""),
        ("习岗街道办事处新胜社区", ""),
        ("新胜村，五组", "五组"),
    ],
)
def test_a_place_is_read_level_by_level_and_the_rest_is_the_address(text, rest):
    assert named(text) == ((NEW_VILLAGE,), rest)


@pytest.mark.parametrize("text", ["", "新胜", "新盛村", "胜村", "3组12号", "杭州市西湖区"])
def test_what_is_no_whole_name_names_nothing(text):
    assert named(text) == ((), "")


def test_a_name_without_its_county_is_looked_for_in_the_place_alone():
    assert named("新胜村", NEXT_COUNTY) == ((), "")
    assert named("银川市新胜村", NEXT_COUNTY) == ((), "")
    assert named("贺兰县新胜村", NEXT_COUNTY) == ((NEW_VILLAGE,), "")
    assert named("新胜村", TOWNSHIP) == named("习岗镇新胜村", NEW_VILLAGE) == ((NEW_VILLAGE,), "")


def test_what_is_understood_of_an_address_is_its_place():
    assert named("习岗镇新盛村三组") == (("640122100000",), "新盛村三组")
    assert named("永宁县") == (("640121000000",), "")


def test_several_places_of_one_name_are_several():
    codes, _ = named("新民村", "64")
    assert len(codes) > 1
    assert len({code[:6] for code in codes}) > 1


def _villages(*names: str) -> PlaceNames:
    places = {f"640122100{at:03d}": (Level.VILLAGE, name) for at, name in enumerate(names, 201)}
    return PlaceNames({"640122100000": (Level.TOWNSHIP, "习岗镇")} | places)


def test_a_name_of_its_own_kind_comes_before_one_of_another_ending():
    names = _villages("新胜村委会", "新胜社区居委会")
    assert names.read("新胜村", within="64").codes == ("640122100201",)
    assert names.read("习岗镇新胜居委会", within="64").codes == ("640122100202",)
    assert names.read("新胜嘎查", within="64").codes == ("640122100201", "640122100202")


def test_a_village_that_says_village_twice_is_known_by_both_names():
    names = _villages("顾家桥村村民委员会")
    for text in ("顾家桥村", "顾家桥村委会", "顾家桥村村委会", "顾家桥村民委员会"):
        assert names.read(text, within="64").codes == ("640122100201",), text


def test_of_two_ways_to_read_a_text_the_one_that_understands_more_holds():
    names = _villages("新村委会", "新村东村委会")
    assert names.read("新村东村三组", within="64").codes == ("640122100202",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("甘肃省平凉市静宁县城川镇", ("620826000000",)),
        ("甘肃静宁县", ("620826000000",)),
        ("静宁县", ("620826000000",)),
        ("浙江省杭州市西湖区", ("330106000000",)),
        ("北京市朝阳区", ("110105000000",)),
        ("西湖区", ("330106000000", "360103000000")),
        ("平凉市西湖区", ("330106000000", "360103000000")[:0]),
        ("贺兰县", ()),
        ("甘肃省", ()),
        ("静宁", ()),
    ],
)
def test_a_county_of_another_province_is_known_by_its_name(text, codes):
    assert national.named(text, without="64") == codes


def test_a_province_may_be_said_short():
    assert [province_short(name) for name in ("宁夏回族自治区", "甘肃省", "北京市")] == ["宁夏", "甘肃", "北京"]


@pytest.mark.django_db
def test_the_register_knows_names_as_the_list_does(divisions):
    assert places_from_register(on=ON).named("习岗镇新胜村", within=COUNTY).codes == (NEW_VILLAGE,)

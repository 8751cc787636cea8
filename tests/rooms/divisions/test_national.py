"""The national list of counties: titles, ends and a quick search."""

from time import perf_counter

import pytest

from hutong.divisions import national


@pytest.mark.parametrize(
    ("code", "title", "last_year"),
    [
        ("330106", "浙江省 杭州市 西湖区", None),
        ("330106001002", "浙江省 杭州市 西湖区", None),
        ("110105", "北京市 朝阳区", None),
        ("110103", "北京市 崇文区", 2010),
        ("429004", "湖北省 仙桃市", None),
        ("330402", "浙江省 嘉兴市 南湖区", None),
        ("642221", "宁夏回族自治区 固原地区 固原县", 2001),
        ("330000000000", "浙江省", None),
        ("810000", "香港特别行政区", None),
        ("810101001001", "香港特别行政区", None),
    ],
)
def test_a_county_is_called_with_what_it_lies_in(code, title, last_year):
    place = national.place_of(code)

    assert national.county_title(code) == title
    assert place is not None and place.last_year == last_year


@pytest.mark.parametrize("code", ["990101", "330199", "", "33", "千百"])
def test_a_code_that_nobody_knows_has_no_title(code):
    assert national.place_of(code) is None
    assert national.county_title(code) == ""


@pytest.mark.parametrize("text", ["西湖区", "xihuqu", "xhq", "330106", "杭州 西湖", " XiHu "])
def test_a_county_is_found_by_name_pinyin_initials_and_code(text):
    assert "330106000000" in [place.code for place in national.search(text, limit=40)]


def test_words_are_spelled_as_they_are_read():
    assert "500103000000" in [place.code for place in national.search("yuzhong")]
    assert national.search("chongming")[0].title == "上海市 崇明区"


def test_only_what_stands_and_takes_households_is_offered():
    assert [place.title for place in national.search("崇文区")] == []
    assert [place.title for place in national.search("市辖区")] == []
    assert [place.title for place in national.search("东莞")] == ["广东省 东莞市"]
    assert all(place.is_county for place in national.search("杭州市", limit=40))


def test_the_own_province_is_left_to_the_register():
    assert national.search("贺兰") != []
    assert national.search("贺兰", without="64") == []


def test_nearer_matches_come_first_and_few_are_given():
    assert [place.name for place in national.search("朝阳")][:3] == ["朝阳区", "朝阳县", "朝阳区"]
    assert len(national.search("x", limit=5)) == 5
    assert national.search("  ") == []


def test_a_search_is_quick_once_the_list_is_read():
    national.search("x")
    begun = perf_counter()
    for text in ("西湖", "xihu", "33", "杭州 西湖", "x") * 4:
        national.search(text)

    assert (perf_counter() - begun) / 20 < 0.02

"""Names: cleaned to one form, spelled as they are said, masked outside an officer's duty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.kit.names import (
    MAX_LENGTH,
    clean_name,
    is_name,
    mask_card,
    mask_id_number,
    mask_name,
    mask_phone,
    spell,
    spoken,
    surname_of,
)

HANZI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
NAMES = st.text(HANZI | st.just("·"), min_size=2, max_size=MAX_LENGTH).filter(is_name)


@pytest.mark.parametrize(
    ("name", "spelled", "short"),
    [
        ("杨一诺", "yangyinuo", "yyn"),
        ("单文静", "shanwenjing", "swj"),
        ("曾子涵", "zengzihan", "zzh"),
        ("仇晓东", "qiuxiaodong", "qxd"),
        ("解雨桐", "xieyutong", "xyt"),
        ("查志远", "zhazhiyuan", "zzy"),
        ("朴星辰", "piaoxingchen", "pxc"),
        ("区若溪", "ouruoxi", "orx"),
        ("尉迟明轩", "yuchimingxuan", "ycmx"),
        ("任清和", "renqinghe", "rqh"),
        ("欧阳安然", "ouyanganran", "oyar"),
        ("马·阿伊莎", "maayisha", "mays"),
    ],
)
def test_surnames_are_spelled_by_their_own_readings(name, spelled, short):
    assert spell(name)[:2] == (spelled, short)


@pytest.mark.parametrize(("name", "spelled"), [("李单", "lidan"), ("王仇", "wangchou"), ("张解", "zhangjie")])
def test_the_same_character_in_a_given_name_keeps_its_everyday_reading(name, spelled):
    assert spell(name).pinyin == spelled


@pytest.mark.parametrize("dot", "•‧∙⋅．・●・᛫⸱.･·﹒․·")
def test_all_dots_are_one_dot(dot):
    assert clean_name(f"阿依{dot}古丽") == "阿依·古丽"
    assert clean_name(f" 阿依 {dot} 古丽 ") == "阿依·古丽"


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("  柳 安\u3000宁 ", "柳安宁"),
        ("柳\u200b安\ufeff", "柳安"),
        ("柳\n安", "柳安"),
        ("Ａｎｎａ\u00a0  Ｌｉｕ", "Anna Liu"),
        ("\uf900安", "豈安"),
        ("柳⺟", "柳母"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_a_name_has_one_form(written, cleaned):
    assert clean_name(written) == cleaned


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_name(clean_name(text)) == clean_name(text)


@pytest.mark.parametrize(
    "name", ["柳安", "柳" * 50, "阿不都热依木·吐尔逊", "𬀩㛃", "〇二", "Anna Liu", "柳" + "·安" * 24 + "宁"]
)
def test_these_are_names(name):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "柳", "柳" * 51, "小3", "·柳安", "柳安·", "柳安（大）", "柳/安", "柳、安"])
def test_these_are_no_names(name):
    assert not is_name(name)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张明三", "张*三"), ("欧阳安然", "欧阳**"), ("欧阳安", "欧阳*"), ("李安", "李*"), ("阿迪力·吐尔逊", "阿*****逊")],
)
def test_masks_of_names(name, masked):
    assert mask_name(name) == masked


@given(NAMES)
def test_a_masked_name_shows_surname_and_at_most_one_character_more(name):
    masked = mask_name(name)
    assert len(masked) == len(name)
    assert masked.startswith(surname_of(name))
    shown = len(masked.replace("*", "")) - len(surname_of(name))
    assert shown <= 1
    assert "*" in masked or name == surname_of(name)


@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_a_masked_id_number_shows_two_characters_at_most(number):
    assert mask_id_number(number) == "*" * 16 + number[-2:]


@pytest.mark.parametrize(
    ("number", "masked"),
    [("13800005678", "138****5678"), ("0951-1234567", "095****4567"), ("1234567", "*" * 7)],
)
def test_masks_of_phones(number, masked):
    assert mask_phone(number) == masked


@given(NAMES)
def test_spelling_fits_its_columns(name):
    spelling = spell(name)
    assert len(spelling.pinyin) <= 300
    assert len(spelling.initials) <= 60
    assert len(spelling.sorting) <= 600


@pytest.mark.parametrize(
    ("name", "key"), [("李雨", "li 李 yu 雨"), ("单·雪", "shan 单 · · xue 雪"), ("尉迟明", "yu 尉 chi 迟 ming 明")]
)
def test_a_name_is_listed_by_its_syllables_each_with_its_character(name, key):
    assert spell(name).sorting == key


def test_places_are_spelled_as_their_words_are_read():
    assert [spoken(name) for name in ("重庆市", "六安市")] == [["chong", "qing", "shi"], ["lu", "an", "shi"]]


@pytest.mark.parametrize("number", ["6222021234567890128", "0128"])
def test_a_card_shows_its_last_four_digits(number):
    assert mask_card(number) == "****0128"

"""Characters: one plain form, all their readings, what looks alike, and syllables in Latin letters."""

import pytest

from hutong.kit.names.characters import by_ear, looks, plain, readings, sounds, syllables
from hutong.kit.names.transcriptions import one_spelling


@pytest.mark.parametrize(("written", "expected"), [("馬", "马"), ("喆", "哲"), ("閆", "阎"), ("马", "马"), ("a", "a")])
def test_traditional_and_variant_characters_have_one_form(written, expected):
    assert plain(written) == expected


def test_polyphones_have_all_their_readings_and_surnames_their_own():
    assert {"le", "yue"} <= set(readings("乐"))
    assert sounds(tuple("解乐")) == ("xie", "le")
    assert sounds(tuple("尉迟乐")) == ("yu", "ci", "le")


@pytest.mark.parametrize(("syllable", "heard"), [("zhang", "zan"), ("shen", "sen"), ("qing", "qin"), ("ma", "ma")])
def test_syllables_as_they_are_heard(syllable, heard):
    assert by_ear(syllable) == heard


def test_look_alikes_share_a_group():
    assert looks("未") & looks("末")
    assert not looks("未") & looks("马")


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("Ma Xiaoyan", ("ma", "xiao", "yan")),
        ("MA·XIAO YAN", ("ma", "xiao", "yan")),
        ("ouyangxiu", ("ou", "yang", "xiu")),
        ("Xi'an", ("xi", "an")),
        ("Ahmed", ("ahmed",)),
    ],
)
def test_pinyin_is_taken_apart(letters, expected):
    assert syllables(letters) == expected


def test_transcriptions_have_one_spelling():
    assert one_spelling("易卜拉欣") == one_spelling("伊卜拉欣") == "伊布拉欣"
    assert one_spelling("马易卜拉欣") == "马伊布拉欣"
    assert one_spelling("马晓燕") == "马晓燕"

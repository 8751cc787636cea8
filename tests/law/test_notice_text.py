"""Notices of holidays in their own words: the days read out of them are those that were shipped."""

from datetime import date

import pytest

from hutong.law.citation import Instrument
from hutong.law.holidays import as_text, notice_of, read_notices
from hutong.law.notice_text import read_notice_text
from hutong.law.texts import WrongText

TEXTS = {
    2026: """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。""",
    2025: """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2023: """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。 二、春节：1月21日至27日放假调休，共7天。
1月28日（星期六）、1月29日（星期日）上班。 三、清明节：4月5日放假，共1天。四、劳动节：4月29日至5月3日放假调休，共5天。
4月23日（星期日）、5月6日（星期六）上班。五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、8日（星期日）上班。""",
}
SHIPPED = {notice.year: notice for notice in read_notices() if not notice.prefix}


@pytest.mark.parametrize("year", TEXTS)
def test_the_words_of_a_notice_give_its_days(year):
    said = read_notice_text(TEXTS[year], year)
    notice = notice_of(said, year, "", Instrument("holidays", "通知", "Notice", "1", "2025-11-04", False))
    assert set(notice.holidays) == set(SHIPPED[year].holidays)
    assert notice.workdays == SHIPPED[year].workdays
    assert not said.unread


def test_what_was_read_is_the_same_when_its_file_is_read(tmp_path):
    said = read_notice_text(TEXTS[2026], 2026)
    notice = notice_of(said, 2026, "64", Instrument("holidays_2026", "通知", "Notice", "甲1号", "2025-11-04", False))
    folder = tmp_path / "64"
    folder.mkdir()
    text = as_text(notice)
    assert text.startswith("citations:") and "通知" in text
    (folder / "2026.yaml").write_text(text, encoding="utf-8")
    assert list(read_notices(tmp_path)) == [notice]


def test_an_item_without_a_day_off_is_named():
    said = read_notice_text("一、开斋节：3月20日至21日放假，共2天。二、古尔邦节：另行通知。", 2026)
    assert [(one.name, one.from_on, one.until_on) for one in said.holidays] == [
        ("开斋节", date(2026, 3, 20), date(2026, 3, 21))
    ]
    assert (said.workdays, said.unread) == ((), ("古尔邦节",))


@pytest.mark.parametrize("text", ["", "元旦：1月1日放假", "今年照常上班。"])
def test_a_text_without_numbered_items_says_nothing(text):
    said = read_notice_text(text, 2026)
    assert not said.holidays and not said.workdays


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("一、元旦：1月3日至1日放假。", "ends before"),
        ("一、元旦：1月1日放假。1月2日上班。", "2026-01-02"),
        ("一、元旦：1月3日放假。1月3日上班。", "2026-01-03"),
        ("一、元旦：2028年1月1日放假。", "2028-01-01"),
    ],
)
def test_days_that_cannot_be_true_together_are_named(text, why):
    with pytest.raises(WrongText, match=why):
        notice_of(read_notice_text(text, 2026), 2026, "", Instrument("a", "甲", "A", "", "", False))


@pytest.mark.parametrize("text", ["一、元旦：2月30日放假。", "一、元旦：13月1日放假。"])
def test_a_day_of_no_calendar_is_none(text):
    with pytest.raises(ValueError):
        read_notice_text(text, 2026)


@pytest.mark.parametrize(
    ("text", "off", "worked"),
    [
        ("一、元旦：1月1日放假。", [("2026-01-01", "2026-01-01")], []),
        ("十一．元旦:1月1日到3日放假；1月4日上班；", [("2026-01-01", "2026-01-03")], ["2026-01-04"]),
        ("一、元旦：1月31日至2月1日放假。", [("2026-01-31", "2026-02-01")], []),
        ("一、元旦：2025年12月31日至2026年1月1日放假。", [("2025-12-31", "2026-01-01")], []),
        ("一、元旦：1月1日、3日放假。", [("2026-01-01", "2026-01-01"), ("2026-01-03", "2026-01-03")], []),
        ("一、元旦：1月1日放假。1月10日、4日上班。", [("2026-01-01", "2026-01-01")], ["2026-01-04", "2026-01-10"]),
        ("一、元旦：1月1日放假。1月10日至11日上班。", [("2026-01-01", "2026-01-01")], ["2026-01-10", "2026-01-11"]),
        ("一、元旦：安排如下：1月1日放假。", [("2026-01-01", "2026-01-01")], []),
        ("一、元旦：1月1日放假。1月5日安排值班。", [("2026-01-01", "2026-01-01")], []),
    ],
)  # fmt: skip
def test_spans_and_worked_days_of_a_sentence(text, off, worked):
    said = read_notice_text(text, 2026)
    assert [(f"{one.from_on}", f"{one.until_on}") for one in said.holidays] == off
    assert [f"{day}" for day in said.workdays] == worked and not said.unread


def test_an_item_without_words_is_named():
    assert read_notice_text("一、元旦", 2026).unread == ("元旦",)

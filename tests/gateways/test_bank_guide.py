"""The guide of payments: its examples are what the code writes, its tables what the code knows."""

from itertools import accumulate
from pathlib import Path

import pytest

from hutong.gateways.bank.layouts import LAYOUTS
from hutong.gateways.bank.writing import written
from hutong.law.bank_results import Need, bank_results
from tests.gateways.bank import EVERY, ON, file_of, order, returned_text

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
NEEDS = {
    "zh": {Need.NONE: "", Need.RETRY: "可按原信息重发", Need.CARD: "先更正账户", Need.PERSON: "先查问"},
    "en": {
        Need.NONE: "",
        Need.RETRY: "send again as it is",
        Need.CARD: "mend the card first",
        Need.PERSON: "ask first",
    },
}
every_language = pytest.mark.parametrize("language", ["zh", "en"])


def example():
    """Two invented holders, as the guide shows them."""
    return file_of(order(1), order(2, holder="马·伊卜拉欣", amount_fen=104_050))


def block(text):
    """Lines as a document holds them, without spaces at their ends."""
    lines = "\n".join(line.rstrip(" ") for line in text.rstrip("\r\n").split("\r\n"))
    return f"```text\n{lines}\n```\n"


def sent_example(layout):
    return block(written(layout, example()).decode(LAYOUTS[layout].encoding))


def returned_example(layout):
    return block(returned_text(layout, example(), **{order(2).number: "dormant"}))


def field_rows(fields, language):
    """The table of a record of fixed width: from which byte to which."""
    ends = accumulate(field.width for field in fields)
    titles = [field.title_zh if language == "zh" else field.title_en for field in fields]
    rows = zip(ends, fields, titles, strict=True)
    return "".join(f"| {end - field.width + 1}–{end} | {field.width} | {title} |\n" for end, field, title in rows)


def state_rows(language):
    """The table of what a bank can answer."""
    states = bank_results(ON).states.values()
    if language == "zh":
        return "".join(f"| {one.title_zh} | {NEEDS['zh'][one.need]} | {one.action_zh} |\n" for one in states)
    return "".join(f"| {one.title_en} | {NEEDS['en'][one.need]} | {one.action_en} |\n" for one in states)


def guide(language):
    return (GUIDE / f"payments.{language}.md").read_text(encoding="utf-8")


@every_language
@pytest.mark.parametrize("layout", EVERY)
def test_the_examples_are_what_goes_out_and_what_comes_back(layout, language):
    assert sent_example(layout) in guide(language)
    assert returned_example(layout) in guide(language)


@every_language
def test_the_fields_of_fixed_widths_stand_byte_by_byte(language):
    layout = LAYOUTS["fixed"]
    for fields in (layout.header, (*layout.detail, *layout.result), (*layout.trailer, *layout.paid)):
        assert field_rows(fields, language) in guide(language)


@every_language
def test_the_columns_of_tables_stand_in_order(language):
    for code in ("csv", "yikatong"):
        columns = "、".join(field.title_zh for field in LAYOUTS[code].detail)
        assert columns in guide(language)
    assert "、".join(field.title_zh for field in LAYOUTS["csv"].result) in guide(language)


@every_language
def test_every_state_stands_with_what_to_do(language):
    assert state_rows(language) in guide(language)

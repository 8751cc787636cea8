"""What is wrong with payment files and returns, in words: each code has its sentence, in the column's own name."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from hutong.desk.bank_words import (
    FILE_SENTENCES,
    LINE_SENTENCES,
    ORDER_SENTENCES,
    SENTENCES,
    fault_lines,
    layout_title,
    state_action,
    state_title,
)
from hutong.gateways.bank.layouts import LAYOUTS
from hutong.gateways.bank.orders import Fault, RefusedOrders
from hutong.gateways.bank.writing import written
from hutong.law.bank_results import bank_results
from tests.gateways.bank import EVERY, ON, file_of, order, read, returned_text


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


GATEWAY = Path(__file__).resolve().parents[2] / "hutong" / "gateways" / "bank"
MADE = {
    *(f"total_{code}" for code in ("orders", "amount", "paid_count", "paid_amount")),
    *(f"{code}_character" for code in ("control", "invisible", "private", "broken")),
    *("result_pending", "result_unclear", "paid_after_all"),
}
"""Codes that the gateway puts together, and the one of the batch."""


def test_every_code_of_the_gateway_has_its_sentence():
    text = "\n".join(file.read_text() for file in GATEWAY.glob("*.py"))
    named = set(re.findall(r"(?:Fault|Broken|RefusedReturn|RefusedFile)\(\s*(?:\w+, )?\"(\w+)\"", text))
    returned = set(re.findall(r"return \(?\"(\w+)\"", text))
    assert (named | (returned & set(SENTENCES)) | MADE) <= set(SENTENCES)
    assert all(f'"{code}"' in text for code in set(SENTENCES) - MADE)
    assert not set(ORDER_SENTENCES) & {*FILE_SENTENCES, *LINE_SENTENCES}


def test_a_code_without_words_has_a_general_sentence():
    (line,) = fault_lines([Fault("never_heard_of", 7)], layout="csv")
    assert (line.line, line.message) == (7, "This cannot be read. Ask the bank for the file as it was given.")


def test_refused_orders_are_told_by_order_and_column():
    with pytest.raises(RefusedOrders) as refused:
        written("fixed", file_of(order(1, holder="马" * 31)))
    (line,) = fault_lines(refused.value.faults, layout="fixed")
    assert (line.number, line.column) == (order(1).number, "Holder")
    assert "60 bytes, which is 30 Chinese characters, and here stand 62" in line.message


@pytest.mark.parametrize("layout", EVERY)
def test_sums_and_layouts_are_said_as_people_say_them(layout):
    lines = returned_text(layout).split("\r\n")
    (orders, amount, *_paid) = fault_lines(read(layout, "\r\n".join(lines[:2] + lines[3:])).faults, layout=layout)
    assert "says 3 orders and holds 2" in orders.message and orders.line == 4 and not orders.stops
    assert "3,600.06 yuan in all, its lines come to 2,400.04" in amount.message
    assert orders.column == "Orders" and amount.column.startswith("Amount in")
    other = next(code for code in EVERY if code != layout)
    (wrong,) = fault_lines(read(layout, returned_text(other).encode("gb18030")).faults, layout=layout)
    assert f"of the layout “{LAYOUTS[other].title_en}”" in wrong.message


def test_states_layouts_and_columns_are_said_in_the_readers_language():
    state = bank_results(ON).states["dormant"]
    assert (state_title(state), state_action(state)) == (state.title_en, state.action_en)
    with override("zh-hans"):
        assert (state_title(state), state_action(state)) == (state.title_zh, state.action_zh)
        assert layout_title("yikatong") == "惠民惠农“一卡通”"
        (line,) = fault_lines([Fault("missing", number="A1", column="holder")], layout="yikatong")
        assert line.column == "姓名"

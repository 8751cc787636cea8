"""Payment files as they go out: what stands where, and what no file may hold."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.gateways.bank.layouts import LAYOUTS, TOTALS
from hutong.gateways.bank.orders import RefusedOrders
from hutong.gateways.bank.writing import written
from tests.gateways.bank import EVERY, FILE, UNIT, file_of, order

every_layout = pytest.mark.parametrize("layout", EVERY)


def refusals(layout, *orders, **more):
    with pytest.raises(RefusedOrders) as refused:
        written(layout, file_of(*orders, **more))
    return [(fault.code, fault.number, fault.column) for fault in refused.value.faults]


def test_the_table_opens_in_any_spreadsheet():
    content = written("csv", file_of())
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == 5
    header, first, *_rest, last = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert header == [one.title_zh for one in LAYOUTS["csv"].detail]
    assert first == [
        *("1", FILE, "A202611000001", "柳安宁", "9900120000000001", "贺兰县农村商业银行习岗支行"),
        *("990122198503070001", "对私", "1200.01", "儿童基本生活费"),
    ]
    assert last == ["合计", FILE, "3", "", "", "", "", "", "3600.06", ""]


def test_the_one_card_file_holds_numbers_names_sums_and_places():
    header, first, *_rest, last = written("yikatong", file_of()).decode("gb18030").splitlines()
    assert header.split("\t") == [one.title_zh for one in LAYOUTS["yikatong"].detail]
    assert first.split("\t") == [
        *("1", FILE, "A202611000001", "640122100000", "990122198503070001", "柳安宁", "9900120000000001"),
        *("1200.01", "6401"),
    ]
    assert last.split("\t") == ["合计", FILE, "3", "", "", "", "", "3600.06", ""]


def test_fixed_widths_count_bytes():
    layout = LAYOUTS["fixed"]
    header, *details, trailer, nothing = written("fixed", file_of(order(1), order(2, holder="𠮷·野"))).split(b"\r\n")
    assert nothing == b""
    assert len(header) == layout.width(layout.header) == 130
    assert [len(line) for line in details] == [layout.width(layout.detail)] * 2 == [255] * 2
    assert (len(trailer), trailer) == (44, b"T" + FILE.encode().ljust(20) + b"00000002" + b"000000000240003")
    assert header[:1] == b"H" and header[21:81].decode("gb18030").rstrip() == UNIT
    assert header[81:] == b"640122000000" + b"202611" + b"20261124" + b"00000002" + b"000000000240003"
    assert details[1][1:9] == b"00000002"
    assert details[1][61:121].decode("gb18030").rstrip() == "𠮷·野"
    assert details[1][200:215] == b"000000000120002"


def test_an_organisation_is_told_from_a_person():
    company = order(1, is_organisation=True, id_number="", holder="贺兰县儿童福利院")
    assert "对公" in written("csv", file_of(company)).decode("utf-8-sig")
    assert written("fixed", file_of(company)).split(b"\r\n")[1][121:122] == b"2"
    assert refusals("yikatong", company) == [("one_card_organisation", company.number, "")]


@pytest.mark.parametrize("code", ["id_number", "township_code", "purpose_code"])
def test_one_card_files_say_what_they_lack(code):
    lacking = order(2, **{code: ""})
    assert refusals("yikatong", order(1), lacking) == [("one_card_needs", lacking.number, code)]
    assert written("csv", file_of(lacking)) and written("fixed", file_of(lacking))


@every_layout
@pytest.mark.parametrize(
    ("more", "code", "column"),
    [
        ({"holder": "=cmd|' /C calc'!A0"}, "formula", "holder"),
        ({"holder": " ＝1+1"}, "formula", "holder"),
        ({"purpose": "@SUM(A1)"}, "formula", "purpose"),
        ({"bank_name": "-2+3"}, "formula", "bank_name"),
        ({"holder": "柳安\n宁"}, "control_character", "holder"),
        ({"holder": "\t柳安宁"}, "control_character", "holder"),
        ({"holder": "柳安\u200b宁"}, "invisible_character", "holder"),
        ({"holder": "柳\u00a0安宁"}, "invisible_character", "holder"),
        ({"holder": "葛\U000e0100安宁"}, "invisible_character", "holder"),
        ({"holder": "柳安\u202e宁"}, "invisible_character", "holder"),
        ({"holder": "柳\ue863宁"}, "private_character", "holder"),
        ({"holder": "柳\ufffd宁"}, "broken_character", "holder"),
        ({"holder": "柳\ud83d宁"}, "broken_character", "holder"),
        ({"holder": "柳安宁 "}, "spaces", "holder"),
        ({"holder": ""}, "missing", "holder"),
        ({"purpose": ""}, "missing", "purpose"),
        ({"card": "99001200000"}, "card_form", ""),
        ({"card": "9900 1200 0000 0001"}, "card_form", ""),
        ({"card": ""}, "card_form", ""),
        ({"id_number": "99012219850307000x"}, "id_number_form", ""),
        ({"amount_fen": 0}, "amount_form", ""),
        ({"amount_fen": -5}, "amount_form", ""),
    ],
)
def test_what_no_file_may_hold_is_told_by_order(layout, more, code, column):
    wrong = order(2, **more)
    assert (code, wrong.number, column) in refusals(layout, order(1), wrong)


@every_layout
@pytest.mark.parametrize("number", ["a1", "A-1", "", "A" * 21, "１"])
def test_numbers_are_such_as_banks_leave_alone(layout, number):
    assert ("number_form", number, "") in refusals(layout, order(1, number=number))
    assert ("file_number", "", "") in refusals(layout, number=number)


@every_layout
def test_all_that_is_wrong_is_told_at_once(layout):
    found = refusals(layout, order(1, holder=""), order(2, amount_fen=0), order(2))
    assert [code for code, _number, _column in found] == ["missing", "amount_form", "same_number"]
    assert refusals(layout, order(), payer="县\n局") == [("control_character", "", "payer")]


@every_layout
def test_a_file_without_orders_is_refused(layout):
    with pytest.raises(RefusedOrders, match="no_orders"):
        written(layout, replace(file_of(), orders=()))


def test_what_is_longer_than_its_field_is_told_with_the_length():
    long = order(2, holder="马" * 31)
    with pytest.raises(RefusedOrders) as refused:
        written("fixed", file_of(order(1, holder="马" * 30), long, payer="局" * 31))
    payer, holder = refused.value.faults
    assert (payer.code, payer.number, payer.column) == ("too_long", "", "payer")
    assert (holder.number, holder.column) == (long.number, "holder")
    assert holder.values == {"most": "60", "characters": "30", "bytes": "62"}
    assert refusals("fixed", order(1, holder="𠮷" * 16)) == [("too_long", order(1).number, "holder")]
    assert written("csv", file_of(long))


def test_a_sum_that_does_not_fit_is_refused():
    assert refusals("fixed", order(1, amount_fen=10**15 - 1), order(2, amount_fen=1)) == [("sum_form", "", "")]
    assert written("fixed", file_of(order(1, amount_fen=10**15 - 1)))


@given(st.text(max_size=6), st.text(max_size=6))
def test_no_cell_of_a_table_begins_a_formula(holder, bank_name):
    for layout in ("csv", "yikatong"):
        try:
            content = written(layout, file_of(order(1, holder=holder, bank_name=bank_name)))
        except RefusedOrders:
            continue
        rows = csv.reader(
            StringIO(content.decode(LAYOUTS[layout].encoding), newline=""), delimiter=LAYOUTS[layout].separator
        )
        assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in tuple("=+-@\t\r＝＋－＠")]


def test_layouts_are_whole():
    for code, layout in LAYOUTS.items():
        assert code == layout.code and layout.title_zh and layout.title_en
        if layout.separator:
            assert set(TOTALS) <= set(layout.titles)
        else:
            assert all(field.width for field in (*layout.header, *layout.detail, *layout.result, *layout.trailer))

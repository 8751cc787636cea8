"""Returns of the bank: read however they come, never guessed, and every fault with its line."""

import re
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.gateways.bank.layouts import LAYOUTS
from hutong.gateways.bank.returned import read_return
from hutong.gateways.bank.writing import written
from tests.factories import ENCRYPTED
from tests.gateways.bank import EVERY, FILE, LATER, ON, file_of, order, read, returned_text

every_layout = pytest.mark.parametrize("layout", EVERY)
every_table = pytest.mark.parametrize("layout", [code for code in EVERY if LAYOUTS[code].separator])
FIRST, SECOND, THIRD = (order(at).number for at in (1, 2, 3))
ALL = [FIRST, SECOND, THIRD]


def numbers(returned):
    return [one.number for one in returned.results]


def faults(returned):
    return [(one.code, one.line) for one in returned.faults]


def changed(text, line, change):
    """A text of which one line, counted from 1, is another."""
    lines = text.split("\r\n")
    lines[line - 1] = change(lines[line - 1])
    return "\r\n".join(one for one in lines if one is not None)


@every_layout
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\r\n\r\n", "\n \n"])
def test_encoding_and_line_ends_do_not_matter(layout, encoding, line_end):
    text = returned_text(layout, **{SECOND: "dormant"}).replace("\r\n", line_end)
    returned = read(layout, text.encode(encoding))
    assert (returned.faults, numbers(returned), returned.file_number) == ((), ALL, FILE)
    assert [one.state for one in returned.results] == ["paid", "dormant", "paid"]
    assert [one.words for one in returned.results] == ["交易成功", "久悬户", "交易成功"]


@every_table
def test_full_width_spaces_quotes_and_other_separators_are_read(layout):
    cells = [line.split(LAYOUTS[layout].separator) for line in returned_text(layout).split("\r\n")]
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    for row in cells[1:-1]:
        row[:] = [f" {cell.translate(wide)}\u3000" for cell in row]
    returned = read(layout, "\r\n".join(";".join(row) for row in cells))
    assert (returned.faults, numbers(returned)) == ((), ALL)
    quoted = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in cells)
    assert read(layout, quoted).results == returned.results


@every_table
def test_columns_are_found_by_their_headers(layout):
    rows = [line.split(LAYOUTS[layout].separator) for line in returned_text(layout).split("\r\n")[:-1]]
    turned = [",".join([*reversed(row), f"备注{at}"]) for at, row in enumerate(rows)]
    assert (read(layout, "\r\n".join(turned)).faults, numbers(read(layout, "\r\n".join(turned)))) == ((), ALL)


def test_stripped_spaces_and_full_width_figures_of_fixed_widths_are_read():
    text = "\r\n".join(line.rstrip() for line in returned_text("fixed").split("\r\n"))
    assert (read("fixed", text).faults, numbers(read("fixed", text))) == ((), ALL)


@every_table
@pytest.mark.parametrize("typed", ["2026-11-24", "2026/11/24", "2026年11月24日", "20261124", "2026-11-24 10:20:30"])
def test_ways_of_writing_a_day(layout, typed):
    returned = read(layout, returned_text(layout).replace("20261124", typed))
    assert ({one.on for one in returned.results}, returned.faults) == ({ON}, ())


@every_layout
def test_a_day_that_is_missing_wrong_or_ahead_leaves_the_result(layout):
    for typed, code in (("        ", ""), ("00000000", ""), ("2026####", "day_unreadable"), ("20261127", "day_ahead")):
        text = changed(returned_text(layout), 3, lambda line, typed=typed: line.replace("20261124", typed))
        returned = read(layout, text)
        assert numbers(returned) == ALL and returned.results[1].on is None
        assert [(one.code, one.line, one.number, one.stops_row) for one in returned.faults] == (
            [(code, 3, SECOND, False)] if code else []
        )


@every_layout
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (ENCRYPTED, "password"),
        (b"%PDF-1.7 ...", "not_text"),
        (bytes(range(256)) * 4, "not_text"),
        ("柳安宁，您好".encode(), "no_header"),
        (b"HELLO", "no_header"),
        (b"<html><table><tr></tr></table>", "web_page"),
    ],
)
def test_what_is_no_return_is_one_fault(layout, content, code):
    returned = read_return(layout, content, on=LATER)
    assert (returned.file_number, returned.results, faults(returned)) == ("", (), [(code, 0)])


@every_layout
def test_workbooks_and_packed_files_are_told_apart(layout):
    book, packed = BytesIO(), BytesIO()
    xlsxwriter.Workbook(book).close()
    with ZipFile(packed, "w") as archive:
        archive.writestr("return.txt", "x")
    locked = bytearray(packed.getvalue())
    locked[6] |= 1
    found = [faults(read(layout, bytes(content))) for content in (book.getvalue(), packed.getvalue(), locked)]
    assert found == [[("workbook", 0)], [("packed", 0)], [("password", 0)]]


@every_layout
def test_another_layout_is_named(layout):
    for other in EVERY:
        if other != layout:
            (fault,) = read(layout, returned_text(other).encode("gb18030")).faults
            assert (fault.code, fault.values) == ("wrong_layout", {"layout": layout, "found_layout": other})


@every_layout
def test_the_file_that_was_sent_is_not_a_return(layout):
    assert faults(read(layout, written(layout, file_of()))) == [("not_answered", 0)]


@every_table
def test_missing_columns_are_named(layout):
    text = returned_text(layout).replace("支付编号", "编号", 1)
    (fault,) = read(layout, text).faults
    assert (fault.code, fault.values) == ("columns", {"columns": "支付编号"})


@every_layout
def test_a_line_that_is_cut_off_is_told_and_the_others_count(layout):
    returned = read(layout, changed(returned_text(layout), 3, lambda line: line[:12]))
    assert (numbers(returned), faults(returned)) == ([FIRST, THIRD], [("cut_off", 3)])


@every_layout
def test_a_file_that_is_cut_off_says_so(layout):
    content = returned_text(layout).encode(LAYOUTS[layout].encoding)
    for cut in (70, 85, 100):
        returned = read(layout, content[:-cut])
        assert "no_totals" in [code for code, _line in faults(returned)]
        assert set(numbers(returned)) >= {FIRST}
        assert not any(fault.stops_row for fault in returned.faults if fault.code == "no_totals")


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.parametrize("layout", EVERY)
def test_wherever_a_file_is_cut_no_result_is_another(layout, data):
    text = returned_text(layout, **{SECOND: "account_closed"})
    content = text.encode(LAYOUTS[layout].encoding)
    returned = read(layout, content[: data.draw(st.integers(0, len(content) - 3))])
    assert returned.faults
    whole = {one.number: (one.is_paid, one.amount_fen) for one in read(layout, content).results}
    assert all(whole[one.number] == (one.is_paid, one.amount_fen) for one in returned.results)


@settings(max_examples=150, deadline=None)
@given(st.data())
@pytest.mark.parametrize("layout", EVERY)
def test_whatever_comes_there_is_never_a_traceback(layout, data):
    content = bytearray(returned_text(layout).encode(LAYOUTS[layout].encoding))
    for _time in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=5))
    read_return(layout, bytes(content), on=LATER)
    read_return(layout, data.draw(st.binary(max_size=60)), on=LATER)


@every_layout
def test_the_same_line_again_is_no_contradiction_and_another_answer_is(layout):
    text = returned_text(layout)
    second = text.split("\r\n")[2]
    again = read(layout, changed(text, 4, lambda line: f"{second}\r\n{line}"))
    assert numbers(again) == ALL
    assert {code for code, _line in faults(again)} == {
        "total_orders", "total_amount", "total_paid_count", "total_paid_amount",
    }  # fmt: skip
    differs = read(layout, changed(text, 4, lambda line: f"{refused(second)}\r\n{line}"))
    assert numbers(differs) == [FIRST, THIRD]
    assert differs.faults[0].code == "twice_differently"
    assert (differs.faults[0].number, differs.faults[0].values) == (SECOND, {"lines": "3、4"})


def refused(line):
    """A line with another answer, in fields as wide."""
    return re.sub(r"0000(\W+20261124\W?)交易成功", r"A007\1账户冻结", line)


@every_layout
@pytest.mark.parametrize("first", [True, False])
def test_a_number_with_another_line_in_doubt_has_no_result(layout, first):
    text, waiting = returned_text(layout), returned_text(layout, **{SECOND: "pending"}).split("\r\n")[2]
    returned = read(layout, changed(text, 3, lambda line: "\r\n".join([waiting, line] if first else [line, waiting])))
    assert numbers(returned) == [FIRST, THIRD]
    assert returned.faults[0].code == "result_pending"


@every_layout
def test_totals_that_do_not_fit_are_told_with_both_figures(layout):
    text = returned_text(layout, **{SECOND: "dormant"})
    dropped = read(layout, changed(text, 3, lambda line: None))
    assert numbers(dropped) == [FIRST, THIRD]
    assert {one.code: dict(one.values) for one in dropped.faults} == {
        "total_orders": {"found": "3", "counted": "2"},
        "total_amount": {"found_fen": "360006", "counted_fen": "240004"},
    }
    assert not any(one.stops_row for one in dropped.faults)


@every_table
def test_totals_that_cannot_be_read_are_told_and_paid_ones_may_be_empty(layout):
    text = returned_text(layout)
    without = changed(text, 5, lambda line: line.replace("3600.06", "三千", 1).replace("3600.06", ""))
    assert faults(read(layout, without)) == [("total_unreadable", 5)]


@every_layout
def test_a_file_behind_the_totals_is_not_read(layout):
    text = returned_text(layout)
    assert (numbers(read(layout, text + text)), faults(read(layout, text + text))) == (ALL, [("second_file", 6)])


@every_table
def test_a_header_in_the_middle_begins_another_file(layout):
    lines = returned_text(layout).split("\r\n")
    returned = read(layout, "\r\n".join([*lines[:3], lines[0], *lines[3:]]))
    assert (numbers(returned), faults(returned)) == ([FIRST, SECOND], [("no_totals", 0), ("second_file", 4)])


@every_table
def test_a_line_of_another_file_is_not_taken(layout):
    returned = read(layout, changed(returned_text(layout), 3, lambda line: line.replace(FILE, "F2")))
    assert (numbers(returned), faults(returned)) == ([FIRST, THIRD], [("other_file_line", 3)])


@every_table
def test_a_file_that_does_not_say_which_it_is_is_compared_order_by_order(layout):
    returned = read(layout, returned_text(layout).replace(FILE, ""))
    assert (returned.file_number, numbers(returned), faults(returned)) == ("", ALL, [("no_file_number", 0)])


@every_table
@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "number_missing"), ("2.02611E+12", "number_mangled"), ("第二笔", "number_unreadable")],
)
def test_numbers_that_are_none(layout, typed, code):
    returned = read(layout, changed(returned_text(layout), 3, lambda line: line.replace(SECOND, typed)))
    assert (numbers(returned), faults(returned)) == ([FIRST, THIRD], [(code, 3)])


@every_table
def test_amounts_and_results_that_are_none(layout):
    text = returned_text(layout)
    wrong = read(layout, changed(text, 3, lambda line: line.replace("1200.02", "约1200")))
    assert (numbers(wrong), faults(wrong)) == ([FIRST, THIRD], [("amount_unreadable", 3)])
    separator = LAYOUTS[layout].separator
    silent = text.replace(f"{separator}0000{separator}20261124{separator}交易成功", separator * 3, 1)
    assert (numbers(read(layout, silent)), faults(read(layout, silent))) == ([SECOND, THIRD], [("result_missing", 2)])


@every_table
def test_a_separator_within_the_words_moves_no_cell(layout):
    text = returned_text(layout).replace("交易成功", f"交易{LAYOUTS[layout].separator}成功", 1)
    assert faults(read(layout, text)) == [("too_many_cells", 2)]


@every_layout
def test_a_character_that_cannot_be_read_stops_its_line_alone(layout):
    content = returned_text(layout, file_of(*(order(at) for at in range(1, 60)))).encode(LAYOUTS[layout].encoding)
    lines = content.split(b"\r\n")
    lines[2] = lines[2].replace("柳".encode(LAYOUTS[layout].encoding.replace("-sig", "")), b"\xff\xff")
    returned = read(layout, b"\r\n".join(lines), file_of(*(order(at) for at in range(1, 60))))
    assert faults(returned) == [("damaged", 3)]
    assert len(returned.results) == 58


def test_a_record_of_no_kind_is_told():
    returned = read("fixed", changed(returned_text("fixed"), 3, lambda line: f"X{line[1:]}"))
    assert (numbers(returned), faults(returned)) == ([FIRST, THIRD], [("unknown_record", 3)])


def test_a_day_before_any_table_is_none_of_ours():
    with pytest.raises(LookupError):
        read_return("csv", returned_text("csv").encode(), on=date(2019, 1, 1))
    assert read_return("csv", returned_text("csv").encode(), on=ON - timedelta(1)).results

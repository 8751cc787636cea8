"""Words for what is wrong with payment files and bank returns (银行文件用语): where it stands, how to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.desk.titles import money
from hutong.desk.words import speaks_chinese
from hutong.gateways.bank.layouts import LAYOUTS, Field
from hutong.gateways.bank.orders import Fault
from hutong.law.bank_results import BankState

ORDER_SENTENCES: dict[str, Promise] = {
    "no_orders": _lazy("There is nobody to pay in this file. Choose orders first."),
    "file_number": _lazy("The number of the file holds something else than capital letters and digits."),
    "same_number": _lazy("This order stands in the file twice. Take one of them out."),
    "number_form": _lazy("The number of the order holds something else than capital letters and digits."),
    "card_form": _lazy("The card number is not of 12 to 19 digits. Mend the card of this payee."),
    "id_number_form": _lazy("The ID number holds something else than letters and digits. Mend it for this payee."),
    "amount_form": _lazy("There is nothing to pay. Take the order out of the file."),
    "sum_form": _lazy("The sum is longer than this layout can hold. Divide the file in two."),
    "control_character": _lazy(
        "A line break or another character that cannot be seen stands here ({character}). Type the text anew."
    ),
    "invisible_character": _lazy("A character that cannot be seen stands here ({character}). Type the text anew."),
    "private_character": _lazy(
        "A character stands here that only one computer knows ({character}), so the bank would read another one. Type"
        " the rare character of the bank card with an up-to-date input method; where there is none, ask the bank how"
        " it writes the name."
    ),
    "broken_character": _lazy("A broken character stands here ({character}). Type the text anew."),
    "formula": _lazy(
        "This begins with {character}, which a spreadsheet would take for a formula. Write it as on the bank card."
    ),
    "spaces": _lazy("A space stands before or behind it. Take it away, for the bank compares letter by letter."),
    "missing": _lazy("This is empty. Fill it in for this payee."),
    "too_long": _lazy(
        "This is too long: the layout holds {most} bytes, which is {characters} Chinese characters, and here stand"
        " {bytes}. Pay this order with the table (CSV), or ask the bank for the name as it stands on the card."
    ),
    "one_card_organisation": _lazy(
        "One-card files pay people alone. Put the account of the institution into another file."
    ),
    "one_card_needs": _lazy("One-card files need this, and it is empty. Fill it in, or pay with another layout."),
}
"""What to do about an order that a layout cannot hold (指令问题)."""

FILE_SENTENCES: dict[str, Promise] = {
    "empty": _lazy("The file is empty. Fetch it again from the bank."),
    "password": _lazy("The file is behind a password. Open it with the bank's password, save the text file in it."),
    "workbook": _lazy(
        "This is an Excel workbook. Ask the bank for the text file of this layout, or save the table as CSV UTF-8."
    ),
    "packed": _lazy("This is a packed file (zip). Unpack it and send the text file in it."),
    "web_page": _lazy("This is a web page. Fetch the file itself from the bank."),
    "not_text": _lazy(
        "This is not a text file, or it is damaged. Fetch it again from the bank; do not open it before."
    ),
    "no_header": _lazy(
        "This does not begin like a return of the layout “{layout}”. Fetch the file as the bank gave it."
    ),
    "wrong_layout": _lazy("This file is of the layout “{found_layout}”, not “{layout}”. Choose that layout."),
    "not_answered": _lazy("This is the file as we sent it, without results. Choose the one that the bank returned."),
    "columns": _lazy("These columns are missing or stand there twice: {columns}. Ask the bank for the whole file."),
    "another_file": _lazy("This return belongs to the payment file {found}, not to {file}. Take it in there."),
    "no_file_number": _lazy(
        "The file does not say to which payment file it belongs. Its orders were compared one by one."
    ),
    "no_totals": _lazy(
        "The totals at the end are missing: the file may be cut off. What stood there was read; fetch the file again"
        " and take it in once more, nothing counts twice."
    ),
}
"""What to do about a return as a whole (返回文件问题)."""

LINE_SENTENCES: dict[str, Promise] = {
    "damaged": _lazy("A character of this line cannot be read. Ask the bank for this line."),
    "too_many_cells": _lazy(
        "This line has more cells than the header: a separator stands within a text. Ask the bank for this line."
    ),
    "cut_off": _lazy("This line is cut off. Fetch the file again from the bank."),
    "unknown_record": _lazy("This line begins with something else than H, D or T. Ask the bank what it is."),
    "second_file": _lazy(
        "Another file begins here, or lines follow the totals. From here on nothing was read: take it in as a file of"
        " its own."
    ),
    "other_file_line": _lazy("This line belongs to the payment file {found}, not to {file}. Take it in there."),
    "twice_differently": _lazy(
        "Lines {lines} say different things about this order. Neither was taken; ask the bank which one holds."
    ),
    "number_missing": _lazy("The number of the order is missing. Ask the bank for this line."),
    "number_mangled": _lazy(
        "A spreadsheet has rounded the number of the order. Take the file as the bank gave it, without saving it in"
        " Excel or WPS."
    ),
    "number_unreadable": _lazy("This is no number of an order. Take the file as the bank gave it."),
    "unknown_number": _lazy("This order is not in the payment file. Ask the bank whose payment this line is."),
    "amount_unreadable": _lazy("The amount cannot be read. Ask the bank for this line."),
    "amount_differs": _lazy(
        "Ordered were {ordered_fen} yuan, the bank says {found_fen}. The result was not taken; ask the bank what"
        " it paid."
    ),
    "result_missing": _lazy("The bank does not say what became of it. Ask for the final result; send nothing again."),
    "result_pending": _lazy(
        "The bank is still processing it (“{words}”). Take in its next file; send nothing again before."
    ),
    "result_unclear": _lazy(
        "Code “{code}” and words “{words}” contradict each other. Ask the bank whether it was paid; send nothing again"
        " before."
    ),
    "paid_after_all": _lazy(
        "Before, the bank said that this was not paid; now it says that it was. Ask the bank; it is not sent again."
    ),
    "day_ahead": _lazy("The day lies after today. The result was taken without it; ask the bank when it was paid."),
    "day_unreadable": _lazy("The day cannot be read. The result was taken without it; ask the bank when it was paid."),
    "total_unreadable": _lazy("This total cannot be read. The lines were taken; compare the sum with the bank."),
    "total_orders": _lazy("The file says {found} orders and holds {counted}. The lines were taken; fetch it again."),
    "total_amount": _lazy(
        "The file says {found_fen} yuan in all, its lines come to {counted_fen}. The lines were taken; compare the sum"
        " with the bank."
    ),
    "total_paid_count": _lazy(
        "The file says {found} paid orders and holds {counted}. The lines were taken; compare them with the bank."
    ),
    "total_paid_amount": _lazy(
        "The file says {found_fen} yuan were paid, its lines come to {counted_fen}. The lines were taken; compare the"
        " sum with the bank."
    ),
}
"""What to do about a line of a return (返回行问题)."""

SENTENCES = ORDER_SENTENCES | FILE_SENTENCES | LINE_SENTENCES


@dataclass(frozen=True)
class FaultLine:
    """One fault in words (问题行): the line as a person counts, the order, the column, and how to mend it."""

    line: int
    number: str
    column: str
    message: str
    stops: bool


def fault_lines(faults: Iterable[Fault], *, layout: str) -> list[FaultLine]:
    """The faults of a payment file or a return, in the reader's language."""
    return [_fault_line(fault, layout) for fault in faults]


def state_title(state: BankState) -> str:
    """A bank's answer in plain words (支付结果名称)."""
    return state.title_zh if speaks_chinese() else state.title_en


def state_action(state: BankState) -> str:
    """What is done next about a bank's answer (下一步)."""
    return state.action_zh if speaks_chinese() else state.action_en


def layout_title(code: str) -> str:
    """The name of a layout (格式名称)."""
    layout = LAYOUTS[code]
    return layout.title_zh if speaks_chinese() else layout.title_en


def _fault_line(fault: Fault, layout: str) -> FaultLine:
    return FaultLine(fault.line, fault.number, _column(layout, fault.column), _sentence(fault), fault.stops_row)


def _sentence(fault: Fault) -> str:
    if fault.code not in SENTENCES:
        return _("This cannot be read. Ask the bank for the file as it was given.")
    return str(SENTENCES[fault.code]).format(**{key: _said(key, value) for key, value in fault.values.items()})


def _said(key: str, value: str) -> str:
    if key.endswith("_fen"):
        return money(int(value))
    return layout_title(value) if key.endswith("layout") else value


def _column(layout: str, code: str) -> str:
    """The header of a column as it stands in the file; that of totals as the fixed widths name them."""
    fields: Mapping[str, Field] = {one.code: one for one in reversed(_fields(layout))}
    found = fields.get(code)
    return "" if found is None else found.title_zh if speaks_chinese() else found.title_en


def _fields(layout: str) -> list[Field]:
    own, fixed = LAYOUTS[layout], LAYOUTS["fixed"]
    return [*own.detail, *own.result, *fixed.trailer, *fixed.paid, *fixed.header]

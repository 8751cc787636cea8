"""Orders to the bank (支付指令): what one line of a payment file says, and what no file may hold.

A file that a bank loads must mean one thing: an order with a doubtful character is refused with what to do, not mended.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from hutong.law.cards import LONGEST, SHORTEST

NUMBER = re.compile(r"[0-9A-Z]{1,20}", re.ASCII)
"""The form of the numbers of files and orders (编号): capital letters and digits, which banks leave as they are."""
CARD = re.compile(rf"\d{{{SHORTEST},{LONGEST}}}", re.ASCII)
ID_NUMBER = re.compile(r"[0-9A-Z]{0,18}", re.ASCII)
FORMULA_BEGINS = tuple("=+-@＝＋－＠﹦﹢﹣﹫")
"""What a spreadsheet takes for the beginning of a formula (公式起始字符), full-width too."""
REFUSED = re.compile(
    "(?P<control>[\0-\x1f\x7f-\x9f\u2028\u2029])"
    "|(?P<invisible>[\u00a0\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef])"
    "|(?P<private>[\ue000-\uf8ff\U000f0000-\U0010ffff])"
    "|(?P<broken>[\ud800-\udfff\ufffd-\uffff])"
)

PAYER = {"payer": True}
TEXTS = {"holder": True, "bank_name": False, "purpose": True, "purpose_code": False, "township_code": False}
"""The texts of a file and of an order (文字栏), and whether each is needed."""

Judge = Callable[[str, bool], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Order:
    """Order (支付指令): one line of a payment file. Its number is the attempt it stands for, unique for all time.

    `id_number` may be empty; `township_code` and `purpose_code` are what the one-card layout asks for besides.
    """

    number: str
    holder: str
    card: str
    bank_name: str
    id_number: str
    is_organisation: bool
    amount_fen: int
    purpose: str
    purpose_code: str = ""
    township_code: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """Payment file (代发文件): the orders that one unit gives the bank on a day for a month, `2026-11`."""

    number: str
    payer: str
    division_code: str
    month: str
    on: date
    orders: tuple[Order, ...]

    @property
    def amount_fen(self) -> int:
        """What all orders come to (合计金额)."""
        return sum(order.amount_fen for order in self.orders)


@dataclass(frozen=True, slots=True)
class Fault:
    """Fault (问题) of a payment file or a return: a code, and where it stands.

    `line` counts as a person does, 0 is the file as a whole; `number` is the order's, `column` the field's code, and
    `values` what the sentence names. `stops_row`: the result of this line was not taken.
    """

    code: str
    line: int = 0
    number: str = ""
    column: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    stops_row: bool = True


class RefusedOrders(Exception):
    """Orders that a layout cannot hold (拒写支付指令), all of them with what is wrong; nothing was written."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(sorted({fault.code for fault in faults})))
        self.faults = faults


def faults_of_file(file: PaymentFile) -> Iterator[Fault]:
    """What is wrong with a file whatever its layout (指令检查)."""
    if not file.orders:
        yield Fault("no_orders")
    if not NUMBER.fullmatch(file.number):
        yield Fault("file_number")
    judged = lru_cache(maxsize=1000)(_wrong_with)  # forgotten with the file: names are not to lie about
    yield from _faults_of_text(file, PAYER, judged, number="")
    seen: set[str] = set()
    for order in file.orders:
        if order.number in seen:
            yield Fault("same_number", number=order.number)
        seen.add(order.number)
        yield from _faults_of_order(order, judged)


def _faults_of_order(order: Order, judged: Judge) -> Iterator[Fault]:
    if not NUMBER.fullmatch(order.number):
        yield Fault("number_form", number=order.number)
    if not CARD.fullmatch(order.card):
        yield Fault("card_form", number=order.number)
    if not ID_NUMBER.fullmatch(order.id_number):
        yield Fault("id_number_form", number=order.number)
    if order.amount_fen <= 0:
        yield Fault("amount_form", number=order.number)
    yield from _faults_of_text(order, TEXTS, judged, number=order.number)


def _faults_of_text(
    said: Order | PaymentFile, columns: Mapping[str, bool], judged: Judge, *, number: str
) -> Iterator[Fault]:
    for column, is_needed in columns.items():
        if wrong := judged(getattr(said, column), is_needed):
            code, character = wrong
            yield Fault(code, number=number, column=column, values={"character": character})


def _wrong_with(text: str, is_needed: bool) -> tuple[str, str] | None:
    """The code of what is wrong with a text, and the character that is."""
    if found := REFUSED.search(text):
        return f"{found.lastgroup}_character", f"U+{ord(found[0]):04X}"
    if text.lstrip().startswith(FORMULA_BEGINS):
        return "formula", text.lstrip()[0]
    if text != text.strip():
        return "spaces", ""
    return ("missing", "") if is_needed and not text else None

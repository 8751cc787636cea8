"""Invented orders for the bank, and every layout's own demands met."""

from dataclasses import replace
from datetime import date

from hutong.gateways.bank.fake import FakeBank
from hutong.gateways.bank.layouts import LAYOUTS
from hutong.gateways.bank.orders import Order, PaymentFile
from hutong.gateways.bank.returned import held_against, read_return
from hutong.gateways.bank.writing import written

ON, LATER = date(2026, 11, 24), date(2026, 11, 26)
FILE, UNIT = "F202611640122001", "贺兰县民政局"
EVERY = sorted(LAYOUTS)


def order(at: int = 1, **more) -> Order:
    """An order that every layout can hold."""
    said = Order(
        number=f"A202611{at:06d}",
        holder="柳安宁",
        card=f"9900120000{at:06d}",
        bank_name="贺兰县农村商业银行习岗支行",
        id_number=f"99012219850307{at:04d}",
        is_organisation=False,
        amount_fen=120_000 + at,
        purpose="儿童基本生活费",
        purpose_code="6401",
        township_code="640122100000",
    )
    return replace(said, **more)


def file_of(*orders: Order, **more) -> PaymentFile:
    """A payment file of November 2026."""
    return replace(
        PaymentFile(FILE, UNIT, "640122000000", "2026-11", ON, orders or (order(1), order(2), order(3))), **more
    )


def returned_text(layout: str, file: PaymentFile | None = None, **fails: str) -> str:
    """What the bank returns for a file, as text; `fails` name states by order number."""
    file = file or file_of()
    cards = {one.number: one.card for one in file.orders}
    bank = FakeBank(layout, fails={cards[number]: state for number, state in fails.items()})
    taking = bank.take(written(layout, file), on=ON)
    return bank.returns(taking, on=ON)[0].decode(LAYOUTS[layout].encoding)


def read(layout: str, content: str | bytes, file: PaymentFile | None = None, *, on: date = LATER):
    """A return read and held against its file."""
    file = file or file_of()
    as_bytes = content if isinstance(content, bytes) else content.encode(LAYOUTS[layout].encoding)
    amounts = {one.number: one.amount_fen for one in file.orders}
    return held_against(read_return(layout, as_bytes, on=on), file_number=file.number, amounts=amounts)

"""Payment files that go out (写出代发文件): the same file is the same bytes each time, its orders by their numbers."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from operator import attrgetter

from hutong.gateways.bank.layouts import DETAIL, HEADER, KINDS, LAYOUTS, LINE_END, TOTAL, TRAILER, Field, Layout
from hutong.gateways.bank.orders import Fault, Order, PaymentFile, RefusedOrders, faults_of_file
from hutong.law.money import decimal_yuan

Value = str | int
LONGEST_CHARACTER = 4
"""The most bytes that a character takes in GB18030 (单字最长字节)."""
FILE_TEXTS, ORDER_TEXTS = ("payer", "division_code"), ("holder", "bank_name", "purpose")
ONE_CARD_NEEDS = ("id_number", "township_code", "purpose_code")


def written(layout: str, file: PaymentFile) -> bytes:
    """The bytes of a payment file in a layout (写出代发文件). Raises RefusedOrders with all that it cannot hold."""
    as_laid_out = LAYOUTS[layout]
    faults = (*faults_of_file(file), *_faults_here(as_laid_out, file))
    if faults:
        raise RefusedOrders(faults)
    return _fixed(as_laid_out, file) if not as_laid_out.separator else _table(as_laid_out, file)


def _in_order(file: PaymentFile) -> list[Order]:
    return sorted(file.orders, key=attrgetter("number"))


def _faults_here(layout: Layout, file: PaymentFile) -> Iterator[Fault]:
    """What this layout alone cannot hold."""
    if not layout.separator:
        yield from _too_long(layout, file)
    if layout.code == "yikatong":
        for order in file.orders:
            if order.is_organisation:
                yield Fault("one_card_organisation", number=order.number)
            else:
                lacking = (code for code in ONE_CARD_NEEDS if not getattr(order, code))
                yield from (Fault("one_card_needs", number=order.number, column=code) for code in lacking)


def _table(layout: Layout, file: PaymentFile) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=layout.separator, lineterminator=LINE_END)
    writer.writerow(field.title_zh for field in layout.detail)
    row = ROWS[layout.code]
    writer.writerows(row(file, at, order) for at, order in enumerate(_in_order(file), start=1))
    totals: Mapping[str, Value] = {
        "at": TOTAL,
        "file": file.number,
        "number": len(file.orders),
        "amount": decimal_yuan(file.amount_fen),
    }
    writer.writerow(totals.get(field.code, "") for field in layout.detail)
    return text.getvalue().encode(layout.encoding)


def _csv_row(file: PaymentFile, at: int, order: Order) -> Sequence[Value]:
    return (
        at,
        file.number,
        order.number,
        order.holder,
        order.card,
        order.bank_name,
        order.id_number,
        KINDS[order.is_organisation][0],
        decimal_yuan(order.amount_fen),
        order.purpose,
    )


def _one_card_row(file: PaymentFile, at: int, order: Order) -> Sequence[Value]:
    return (
        at,
        file.number,
        order.number,
        order.township_code,
        order.id_number,
        order.holder,
        order.card,
        decimal_yuan(order.amount_fen),
        order.purpose_code,
    )


ROWS: Mapping[str, Callable[[PaymentFile, int, Order], Sequence[Value]]] = {
    "csv": _csv_row,
    "yikatong": _one_card_row,
}


def _fixed(layout: Layout, file: PaymentFile) -> bytes:
    header, trailer, detail = (_filler(fields) for fields in (layout.header, layout.trailer, layout.detail))
    totals = (len(file.orders), file.amount_fen)
    lines = [header(_header(file))]
    lines += [detail(_detail(at, order)) for at, order in enumerate(_in_order(file), start=1)]
    lines.append(trailer((TRAILER, file.number, *totals)))
    return b"".join(lines)


def _header(file: PaymentFile) -> Sequence[Value]:
    month, day = file.month.replace("-", ""), f"{file.on:%Y%m%d}"
    return (HEADER, file.number, file.payer, file.division_code, month, day, len(file.orders), file.amount_fen)


def _detail(at: int, order: Order) -> Sequence[Value]:
    return (
        DETAIL,
        at,
        order.number,
        order.card,
        order.holder,
        KINDS[order.is_organisation][1],
        order.bank_name,
        order.id_number,
        order.amount_fen,
        order.purpose,
    )


def _filler(fields: Sequence[Field]) -> Callable[[Sequence[Value]], bytes]:
    """A record out of the values of its fields: texts to the left, figures behind zeros."""
    form = b"".join(b"%%0%dd" % one.width if one.is_figure else b"%%-%ds" % one.width for one in fields)
    form += LINE_END.encode()
    figures = [one.is_figure for one in fields]

    def fill(values: Sequence[Value]) -> bytes:
        filled = zip(values, figures, strict=True)
        return form % tuple(value if is_figure else _encoded(str(value)) for value, is_figure in filled)

    return fill


def _encoded(text: str) -> bytes:
    return text.encode("gb18030", "replace")  # what it cannot hold has been refused before


def _too_long(layout: Layout, file: PaymentFile) -> Iterator[Fault]:
    most = {one.code: one.width for one in (*layout.header, *layout.detail)}
    yield from _too_long_in(file, {code: most[code] for code in FILE_TEXTS}, number="")
    if file.amount_fen >= 10 ** most["amount"]:
        yield Fault("sum_form")
    in_order = {code: most[code] for code in ORDER_TEXTS}
    for order in file.orders:
        yield from _too_long_in(order, in_order, number=order.number)


def _too_long_in(said: Order | PaymentFile, most: Mapping[str, int], *, number: str) -> Iterator[Fault]:
    for code, width in most.items():
        text = getattr(said, code)
        if len(text) * LONGEST_CHARACTER > width and len(_encoded(text)) > width:
            values = {"most": str(width), "characters": str(width // 2), "bytes": str(len(_encoded(text)))}
            yield Fault("too_long", number=number, column=code, values=values)

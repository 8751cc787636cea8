"""The payment file of a batch, made from its attempts; made again it is the same, byte by byte."""

from collections.abc import Iterable, Iterator

from hutong.gateways.bank.orders import Order, PaymentFile
from hutong.treasury.models import Attempt, Batch, PayeeKind

PURPOSE = "儿童基本生活费"


def orders_of(batch: Batch) -> Iterator[Order]:
    """The orders of a batch (支付指令), in the order of its attempts."""
    attempts = Attempt.objects.filter(batch=batch).select_related("payee", "due").order_by("id")
    for attempt in attempts.iterator(chunk_size=5000):
        payee = attempt.payee
        yield Order(
            number=attempt.number,
            holder=payee.name,
            card=payee.card.open(),
            bank_name=payee.bank_name,
            id_number=payee.id_number.open() if payee.id_number else "",
            is_organisation=payee.kind == PayeeKind.ORGANISATION,
            amount_fen=attempt.due.amount_fen,
            purpose=f"{PURPOSE}{attempt.due.month:%Y%m}",
        )


def payment_file(batch: Batch, orders: Iterable[Order]) -> PaymentFile:
    """The payment file of a batch (代发文件)."""
    if batch.sent_on is None:
        raise ValueError("not sent yet")
    return PaymentFile(
        number=batch.number,
        payer=batch.payer_name,
        division_code=batch.division_code,
        month=f"{batch.month:%Y-%m}",
        on=batch.sent_on,
        orders=tuple(orders),
    )

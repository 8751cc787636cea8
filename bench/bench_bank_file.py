"""The payment file of a month for 550,000 children, in every layout, and what the bank returns for it, read again.

`write_ratio` is to `csv.writer` with the same rows of the table, encoded alike; `read_ratio` to `csv.reader` with the
rows of the table's return. `seconds` are of the processor: others may use the machine as well. The bank is the fake
one, in which one card in a hundred fails.
"""

import csv
import json
import sys
import time
from collections.abc import Callable
from io import StringIO
from random import Random
from typing import Any

from bench.ground import TODAY  # first: it sets Django up
from hutong.gateways.bank.fake import ANSWERS, FakeBank
from hutong.gateways.bank.layouts import LAYOUTS
from hutong.gateways.bank.orders import Order, PaymentFile
from hutong.gateways.bank.returned import held_against, read_return
from hutong.gateways.bank.writing import written
from hutong.law.bank_results import UNSETTLED

ORDERS, SEED = 550_000, 17
GIVEN = "安宁和清月星云禾言舟"
BANKS = ["贺兰县农村商业银行习岗支行", "永宁县农村商业银行", "彭阳县农村信用合作联社白阳信用社"]
SETTLED = sorted(set(ANSWERS) - UNSETTLED - {"paid"})


def payment_file(count: int, *, seed: int) -> PaymentFile:
    """Invented holders; numbers and cards that are nobody's."""
    chance = Random(seed)
    orders = tuple(_order(at, chance) for at in range(count))
    return PaymentFile("F202611640000001", "自治区民政厅", "640000000000", "2026-11", TODAY, orders)


def _order(at: int, chance: Random) -> Order:
    return Order(
        number=f"A202611{at:09d}",
        holder="柳" + "".join(chance.choices(GIVEN, k=2)),
        card=f"9900{at:015d}",
        bank_name=chance.choice(BANKS),
        id_number=f"990122{chance.randint(1960, 2000)}0307{at % 10_000:04d}",
        is_organisation=False,
        amount_fen=chance.randint(60_000, 240_000),
        purpose="儿童基本生活费",
        purpose_code="6401",
        township_code=f"640122{chance.randint(100, 108)}000",
    )


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives, and the processor's seconds."""
    start = time.process_time()
    return run(), time.process_time() - start


def bare_write(rows: list[list[str]]) -> bytes:
    """The same rows, by the standard library alone."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def bare_read(content: bytes) -> list[list[str]]:
    """The same bytes as rows, by the standard library alone."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def measure(layout: str, file: PaymentFile) -> dict[str, Any]:
    """One layout, out and back; the totals must agree with the bank's ledger."""
    content, write_seconds = timed(lambda: written(layout, file))
    bank = FakeBank(layout, fails={one.card: SETTLED[at % len(SETTLED)] for at, one in enumerate(file.orders[::100])})
    (answer,) = bank.returns(bank.take(content, on=TODAY), on=TODAY)
    amounts = {one.number: one.amount_fen for one in file.orders}
    read, read_seconds = timed(lambda: read_return(layout, answer, on=TODAY))
    held, held_seconds = timed(lambda: held_against(read, file_number=file.number, amounts=amounts))
    if len(held.results) != len(file.orders) or held.faults:
        raise SystemExit(f"{layout}: {len(held.results)} results, {held.faults[:3]}")
    return {
        "megabytes": round(len(content) / 1e6, 1),
        "write_seconds": round(write_seconds, 2),
        "read_seconds": round(read_seconds + held_seconds, 2),
        "same_bytes_again": written(layout, file) == content,
    }


def main() -> None:
    """Prints the document."""
    file = payment_file(ORDERS, seed=SEED)
    rows = bare_read(written("csv", file))
    _, bare_write_seconds = timed(lambda: bare_write(rows))
    bank = FakeBank("csv")
    (answer,) = bank.returns(bank.take(written("csv", file), on=TODAY), on=TODAY)
    _, bare_read_seconds = timed(lambda: bare_read(answer))
    layouts = {code: measure(code, file) for code in LAYOUTS}
    for found in layouts.values():
        found["write_ratio"] = round(found["write_seconds"] / bare_write_seconds, 1)
        found["read_ratio"] = round(found["read_seconds"] / bare_read_seconds, 1)
    document = {
        "orders": ORDERS,
        "csv_writer_seconds": round(bare_write_seconds, 2),
        "csv_reader_seconds": round(bare_read_seconds, 2),
        "layouts": layouts,
    }
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""The smallest legal rows of the treasury, for tests of what its tables refuse."""

from datetime import date
from typing import Any

from hutong.kit.cipher import keys
from hutong.treasury.models import (
    Allocation,
    Attempt,
    BankReturn,
    Batch,
    Beneficiary,
    Book,
    Due,
    Entry,
    Fund,
    Payee,
)
from tests.factories import id_number, person, serial
from tests.payments import ON

COUNTY_CODE, MONTH = "640122000000", date(2026, 11, 1)


def fund(**more: Any) -> Fund:
    """A fund of the county that waits for its second person."""
    values = {
        "division_code": COUNTY_CODE, "year": 2026, "level": "county", "nature": "budget", "amount_fen": 1_000_000,
        "document_number": f"永财〔2026〕{serial()}号", "entered_on": ON,
    }  # fmt: skip
    return Fund.objects.create(**values | {"entered_by": more.get("entered_by") or person()} | more)


def allocation(**more: Any) -> Allocation:
    """What of a fund of the region is given to the county, waiting."""
    values = {"division_code": COUNTY_CODE, "amount_fen": 1_000, "document_number": "宁财〔2026〕2号", "entered_on": ON}
    made = {
        "fund": more.get("fund") or fund(division_code="640000000000", level="region"),
        "entered_by": more.get("entered_by") or person(),
    }
    return Allocation.objects.create(**values | made | more)


def book(**more: Any) -> Book:
    """An empty book of the county's own money."""
    return Book.objects.create(
        **{"kind": "available", "fund": more.get("fund") or fund(), "division_code": COUNTY_CODE} | more
    )


def entry(**more: Any) -> Entry:
    """An entry without postings."""
    values = {"kind": "received", "subject_kind": "fund", "subject_key": "1", "division_code": COUNTY_CODE, "on": ON}
    return Entry.objects.create(**values | {"by": person()} | more)


def batch(**more: Any) -> Batch:
    """A batch that was approved."""
    values = {
        "division_code": COUNTY_CODE, "month": MONTH, "lines": 1, "total_fen": 164_000, "approved_on": ON,
        "payer_name": "永宁县民政局", "prepared_by": more.get("prepared_by") or person(),
        "approved_by": more.get("approved_by") or person(),
    }  # fmt: skip
    return Batch.objects.create(**values | more)


def sent(**more: Any) -> Batch:
    """A batch that was sent."""
    said = {"state": "sent", "sent_on": ON, "sent_by": person(), "layout": "csv", "file_digest": "a" * 64}
    return batch(**said | more)


def due(**more: Any) -> Due:
    """A regular line of a month."""
    values = {
        "batch": more.get("batch") or batch(), "beneficiary": more.get("beneficiary") or Beneficiary.objects.create(),
        "scheme": "living", "month": MONTH, "kind": "regular", "amount_fen": 164_000, "division_code": COUNTY_CODE,
        "reference": serial(),
    }  # fmt: skip
    return Due.objects.create(**values | more)


def payee(**more: Any) -> Payee:
    """A grandmother's card."""
    number = f"999999{serial():013}"
    holder = id_number(date(1958, 3, 7))
    values = {
        "kind": "person", "name": "柳桂兰", "id_number": holder, "id_index": keys().blind(holder, kind="id_number"),
        "card": number, "card_index": keys().blind(number, kind="card"), "card_tail": number[-4:],
        "bank_name": "演示农村商业银行", "opened_on": date(2024, 1, 1),
    }  # fmt: skip
    return Payee.objects.create(**values | more)


def attempt(**more: Any) -> Attempt:
    """An attempt that waits to be sent."""
    of = more.get("due") or due()
    return Attempt.objects.create(**{"due": of, "batch": of.batch, "payee": more.get("payee") or payee()} | more)


def bank_return(**more: Any) -> BankReturn:
    """A file of the bank in which nothing was settled."""
    none = dict.fromkeys(("paid", "paid_fen", "failed", "failed_fen", "bounced", "bounced_fen"), 0)
    values = {"batch": more.get("batch") or sent(), "digest": "a" * 64, "on": ON, "by": person()}
    return BankReturn.objects.create(**none | values | more)

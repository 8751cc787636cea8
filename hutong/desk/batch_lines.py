"""A batch in words (批次用语): the three sums, what was not paid, what came back from the bank."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.desk.bank_words import FaultLine, fault_lines
from hutong.desk.payment_words import bank_action, bank_title, level_title, nature_title
from hutong.desk.titles import money
from hutong.gateways.bank.orders import Fault
from hutong.law.bank_results import bank_results
from hutong.treasury.models import BankReturn, Batch
from hutong.treasury.models.batch import AttemptState
from hutong.treasury.queries import NOTHING, Sums, failures_of, sources_of


@dataclass(frozen=True)
class SumRow:
    """One of the sums that have to agree (对账行)."""

    label: str
    lines: str
    amount: str
    is_whole: bool = False


def reconciled_lines(batch: Batch, sums: Mapping[str, Sums]) -> list[SumRow]:
    """Approved, with the bank, answered (对账): lines and fen side by side."""
    paid, failed = (sums.get(state, NOTHING) for state in (AttemptState.PAID, AttemptState.FAILED))
    waiting = sums.get(AttemptState.SENT, NOTHING)
    to_send = sums.get(AttemptState.TO_SEND, NOTHING)
    answered = Sums(paid.lines + failed.lines, paid.fen + failed.fen)
    sent = Sums(answered.lines + waiting.lines, answered.fen + waiting.fen)
    listed = Sums(sent.lines + to_send.lines, sent.fen + to_send.fen)
    return [
        SumRow(_("Approved"), f"{batch.lines:,}", money(batch.total_fen), True),
        SumRow(_("Lines of the batch"), f"{listed.lines:,}", money(listed.fen), True),
        SumRow(_("Sent to the bank"), f"{sent.lines:,}", money(sent.fen), True),
        SumRow(_("Answered by the bank"), f"{answered.lines:,}", money(answered.fen), True),
        SumRow(_("of these paid"), f"{paid.lines:,}", money(paid.fen)),
        SumRow(_("of these not paid"), f"{failed.lines:,}", money(failed.fen)),
    ]


def source_lines(batch: Batch) -> list[tuple[str, str, str, str]]:
    """Where the money of a batch comes from (资金来源): level, nature, document, yuan."""
    return [
        (level_title(one.level), nature_title(one.nature), one.document, money(one.fen)) for one in sources_of(batch)
    ]


@dataclass(frozen=True)
class FailureLine:
    """What was not paid for one reason (未付分类), and what is done next."""

    title: str
    lines: int
    amount: str
    action: str
    need: str
    tone: str
    href: str


NEEDS = {"retry": "soon", "card": "late", "person": "late", "none": "plain"}


def failure_lines(batch: Batch, *, on: date) -> list[FailureLine]:
    """What was not paid, by what the bank said."""
    states = bank_results(on).states
    return [
        FailureLine(
            bank_title(code, on=on),
            sums.lines,
            money(sums.fen),
            bank_action(code, on=on),
            _need(states[code].need.name.lower()) if code in states else "",
            NEEDS[states[code].need.name.lower()] if code in states else "late",
            f"?state=failed-{code}#payments",
        )
        for code, sums in failures_of(batch)
    ]


def _need(code: str) -> str:
    said = {"retry": _("can be sent again"), "card": _("mend the card first"), "person": _("ask first")}
    return said.get(code, "")


@dataclass(frozen=True)
class ReturnLine:
    """A file that came back (回盘记录): what was taken in, and what was not."""

    at: datetime
    by: str
    paid: int
    paid_amount: str
    failed: int
    failed_amount: str
    bounced: int
    faults: list[FaultLine]


def return_lines(found: Iterable[BankReturn], *, layout: str) -> list[ReturnLine]:
    """All files that came back, the first one first."""
    return [
        ReturnLine(
            one.at, one.by.name, one.paid, money(one.paid_fen), one.failed, money(one.failed_fen), one.bounced,
            fault_lines([Fault(**fault) for fault in one.faults], layout=layout),
        )
        for one in found
    ]  # fmt: skip


@dataclass(frozen=True)
class StateChip:
    """Payments of one state (支付状态分组)."""

    label: str
    href: str
    is_current: bool
    count: int = 0


def state_chips(batch: Batch, state: str, code: str, *, on: date) -> list[StateChip]:
    """All, paid, not paid; and the one reason that is open."""
    address = reverse("desk:batch", args=[batch.pk])
    chips = [StateChip(_("All payments"), f"{address}#payments", not state)]
    for one in AttemptState:
        chips.append(StateChip(str(one.label), f"{address}?state={one}#payments", state == one and not code))
    if code:
        chips.append(StateChip(bank_title(code, on=on), f"{address}?state=failed-{code}#payments", is_current=True))
    return chips

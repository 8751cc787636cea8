"""Payments of a child (发放情况): what was due, why, what became of it. Whoever calls has asked who may see."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from hutong.allowances.facing import facts_of
from hutong.allowances.models import Basis, RunLine
from hutong.allowances.models.run import RunState
from hutong.law.facts import ChildFacts
from hutong.law.months import Month
from hutong.registry.dossier import Event
from hutong.registry.models import Child
from hutong.registry.queries import files_of
from hutong.treasury.models import Attempt
from hutong.treasury.models.batch import AttemptState, Purpose
from hutong.treasury.queries import attempts_for

OPEN_TO_ALL = frozenset({"standard", "institution_standard", "placement_contradicts"})
"""Codes of lines that say nothing of parents, illness or study (可公开的计算行)."""


@dataclass(frozen=True)
class Payment:
    """Payment (发放): one line of a run for a child, with the attempts to pay it, the first one first."""

    line: RunLine
    attempts: tuple[Attempt, ...]

    @property
    def last(self) -> Attempt | None:
        """The attempt that counts."""
        return self.attempts[-1] if self.attempts else None


def payments_of(child: Child) -> list[Payment]:
    """What was approved for a child or waits (历次发放), of all its files, the latest month first.

    What was only attempted anew stands with its first line; a month that was held and paid later is told once.
    """
    found = list(
        RunLine.objects.filter(child__in=files_of(child), run__state=RunState.APPROVED)
        .exclude(run__purpose=Purpose.ANEW)
        .select_related("run", "basis", "payee", "child")
        .order_by("-month", "-id")
    )
    attempts = attempts_for([one.pk for one in found])
    paid = {one.month for one in found if not one.hold}
    told, seen = [], set()
    for one in found:
        if one.hold and (one.month in paid or one.month in seen):
            continue
        seen.add(one.month)
        told.append(Payment(one, tuple(attempts.get(one.pk, ()))))
    return told


def lines_of_month(child: Child, month: Month) -> list[Payment]:
    """All that runs say of a child's month (当月明细), given up ones left out, the first one first."""
    found = list(
        RunLine.objects.filter(child__in=files_of(child), month=month.first)
        .exclude(run__state=RunState.CANCELLED)
        .exclude(run__purpose=Purpose.ANEW)
        .select_related("run", "basis", "payee", "child")
        .order_by("run", "id")
    )
    attempts = attempts_for([one.pk for one in found])
    return [Payment(one, tuple(attempts.get(one.pk, ()))) for one in found]


def payment_of(line: RunLine) -> Payment:
    """One line with its attempts; of what is attempted anew those of its due line."""
    if line.again:
        known = Attempt.objects.filter(due=line.again).select_related("payee", "batch").order_by("id")
        return Payment(line, tuple(known))
    return Payment(line, tuple(attempts_for([line.pk]).get(line.pk, ())))


def facts_in(basis: Basis, month: Month) -> ChildFacts:
    """The facts that a basis was reckoned from (核定事实)."""
    return facts_of(json.dumps(basis.facts), month)


def lines_shown(basis: Basis, *, sensitive: bool) -> list[Mapping[str, Any]]:
    """The sum of a basis, line by line (计算明细); what tells of the family only for who may see sensitive facts."""
    return [one for one in basis.lines if sensitive or one["amount_fen"] or one["code"] in OPEN_TO_ALL]


def facts_document(basis: Basis, month: Month) -> dict[str, Any]:
    """The facts of a basis as plain values (事实), those of no weight left out: nobody can be told by them."""
    said: dict[str, Any] = _plain(asdict(facts_in(basis, month)))
    if basis.facts[0] is None:
        del said["birth_date"]
    for held in said.get("holdings", ()):
        held.pop("decided_on", None)
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain for key, one in value.items() if (plain := _plain(one)) not in (None, "", [], {}, False)}
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def timeline(child: Child) -> list[Event]:
    """The payments of a child's timeline: what arrived, what did not."""
    return [event for payment in payments_of(child) for event in _events(payment)]


def _events(payment: Payment) -> Iterable[Event]:
    line = payment.line
    said = {"month": line.month.isoformat(), "fen": str(line.amount_fen)}
    for attempt in payment.attempts:
        if attempt.answered_on and attempt.state == AttemptState.PAID:
            yield Event(attempt.answered_on, "money", "payment_paid", said)
        elif attempt.answered_on:
            yield Event(attempt.answered_on, "money", "payment_failed", said | {"code": attempt.code})
    if line.hold and line.run.decided_on:
        yield Event(line.run.decided_on, "money", "payment_held", said | {"hold": line.hold})

"""Payments in words (发放用语): lines of runs and batches, what waits, what a basis says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.models import Person
from hutong.allowances.models import RunLine
from hutong.allowances.payments import Payment, facts_in, lines_shown
from hutong.allowances.run_queries import lines_by_number, names_seen
from hutong.desk.payment_words import (
    WHY_CHANGED,
    WHY_DROPPED,
    attempt_words,
    bank_action,
    bank_title,
    hold_action,
    hold_title,
    month,
    paid_category,
)
from hutong.desk.titles import circumstance_title, day, money, pair_title
from hutong.divisions.queries import short_names
from hutong.kit.names import mask_card
from hutong.law.aid import AIDS
from hutong.law.months import Month
from hutong.law.placements import PLACEMENTS
from hutong.law.study import LEVELS
from hutong.registry.models.parent import Role
from hutong.treasury.models import Attempt


@dataclass(frozen=True)
class RunRow:
    """One line of a run in words (核定行): the name and the place only for who sees the child."""

    line: RunLine
    name: str
    place: str
    category: str
    month: str
    amount: str
    payee: str
    tone: str
    state: str
    href: str


def run_rows(user: Person, found: Iterable[RunLine], *, on: date) -> list[RunRow]:
    """Lines of a run; what differs from the month before stands as their state where the list tells it."""
    rows = list(found)
    seen = names_seen(user, [one.child_id for one in rows], on=on)
    places = short_names(one.division_code for one in rows)
    return [_run_row(one, one.child_id in seen, places.get(one.division_code, "")) for one in rows]


def _run_row(line: RunLine, is_seen: bool, place: str) -> RunRow:
    tone, state = _line_state(line)
    payee = f"{line.payee.name} {mask_card(line.payee.card_tail)}" if line.payee else ""
    return RunRow(
        line,
        line.child.name if is_seen else _("Line %(number)s") % {"number": line.pk},
        place if is_seen else "",
        paid_category(line.category) if is_seen else "",
        month(line.month),
        money(line.amount_fen),
        payee if is_seen else "",
        tone,
        state,
        reverse("desk:run_line", args=[line.run_id, line.pk]) if is_seen else "",
    )


def _line_state(line: RunLine) -> tuple[str, str]:
    why = getattr(line, "why", "")
    if why in WHY_CHANGED:
        said = {"before": money(getattr(line, "before_fen", 0)), "why": WHY_CHANGED[why]}
        return "info", _("before %(before)s: %(why)s") % said
    if why in WHY_DROPPED:
        held = getattr(line, "hold_now", "")
        return "soon", hold_title(held) if why == "held_now" and held else str(WHY_DROPPED[why])
    if line.hold:
        return ("plain" if line.hold == "topped" else "soon"), hold_title(line.hold)
    return ("info", _("Arrears")) if line.kind == "arrears" or line.month < line.run.month else ("", "")


@dataclass(frozen=True)
class AttemptRow:
    """One payment of a batch in words (支付行): its number, the masked card, what the bank said, what is done next."""

    attempt: Attempt
    name: str
    href: str
    month: str
    amount: str
    card: str
    tone: str
    state: str
    action: str


def attempt_rows(user: Person, found: Iterable[Attempt], *, on: date) -> list[AttemptRow]:
    """Payments of a batch; whose each is only for who sees the child."""
    rows = list(found)
    lines = {one.pk: one for one in lines_above(rows)}
    seen = names_seen(user, [one.child_id for one in lines.values()], on=on)
    return [_attempt_row(one, lines.get(one.due.reference), seen, on=on) for one in rows]


def lines_above(attempts: Sequence[Attempt]) -> list[RunLine]:
    """The lines of runs that attempts pay (对应核定明细)."""
    return lines_by_number([one.due.reference for one in attempts])


def _attempt_row(attempt: Attempt, line: RunLine | None, seen: dict[int, Any], *, on: date) -> AttemptRow:
    tone, state = attempt_words(attempt, on=on)
    is_seen = line is not None and line.child_id in seen
    return AttemptRow(
        attempt,
        line.child.name if line and is_seen else "",
        reverse("desk:run_line", args=[line.run_id, line.pk]) if line and is_seen else "",
        month(attempt.due.month),
        money(attempt.due.amount_fen),
        f"{mask_card(attempt.payee.card_tail)} {attempt.payee.bank_name}",
        tone,
        state,
        bank_action(attempt.code, on=on) if attempt.code else "",
    )


@dataclass(frozen=True)
class LateRow:
    """Somebody entitled and unpaid in words (未发放行): why, since when, what is to be done."""

    name: str
    href: str
    place: str
    since: str
    amount: str
    tone: str
    reason: str
    action: str


def held_rows(user: Person, found: Iterable[dict[str, Any]], *, on: date) -> list[LateRow]:
    """Who waits since the last run."""
    rows = list(found)
    seen = names_seen(user, [one["child"] for one in rows], on=on)
    places = short_names(one["division_code"] for one in rows)
    return [
        LateRow(
            seen[one["child"]].name if one["child"] in seen else _("Line %(number)s") % {"number": one["line"]},
            reverse("desk:run_line", args=[one["of"], one["line"]]) if one["child"] in seen else "",
            places[one["division_code"]] if one["child"] in seen else "",
            month(one["since"]),
            money(one["fen"]) if one["fen"] else "—",
            "soon",
            hold_title(one["hold"]),
            hold_action(one["hold"]),
        )
        for one in rows
    ]


def failed_rows(user: Person, found: Iterable[Attempt], *, on: date) -> list[LateRow]:
    """What came back and was not paid since."""
    rows = attempt_rows(user, found, on=on)
    places = short_names(row.attempt.due.division_code for row in rows if row.name)
    return [
        LateRow(
            row.name or _("Payment %(number)s") % {"number": row.attempt.number},
            row.href or reverse("desk:batch", args=[row.attempt.batch_id]),
            places[row.attempt.due.division_code] if row.name else "",
            row.month,
            row.amount,
            "late",
            row.state,
            row.action,
        )
        for row in rows
    ]


def missing_rows(user: Person, found: Iterable[Any], *, on: date) -> list[LateRow]:
    """Recognitions that a run passed over."""
    rows = list(found)
    seen = names_seen(user, [one.child.leading.pk for one in rows], on=on)
    places = short_names(one.child.leading.responsible_code for one in rows)
    return [_missing_row(one, one.child.leading.pk in seen, places) for one in rows]


def _missing_row(held: Any, is_seen: bool, places: dict[str, str]) -> LateRow:
    file = held.child.leading
    return LateRow(
        file.name if is_seen else _("Recognition %(number)s") % {"number": held.pk},
        reverse("desk:child", args=[file.file_number]) if is_seen else "",
        places[file.responsible_code] if is_seen else "",
        month(held.first_month),
        "—",
        "late",
        _("in no run since it was recognised"),
        _("The next run reckons it with what is left of earlier months; prepare it anew if it was recorded meanwhile."),
    )


@dataclass(frozen=True)
class SumLine:
    """One line of the sum (计算行): signed yuan, what it is, the article."""

    amount: str
    text: str
    citation: str


def sum_lines(line: RunLine, *, sensitive: bool) -> list[SumLine]:
    """Why so much (金额由来): lines that add up."""
    return [
        SumLine(_signed(one["amount_fen"]), one["text"], one["citation"])
        for one in lines_shown(line.basis, sensitive=sensitive)
    ]


def _signed(fen: int) -> str:
    return f"−{money(-fen)}" if fen < 0 else money(fen)


def fact_lines(line: RunLine, *, sensitive: bool) -> list[tuple[str, str]]:
    """The facts that counted (核定事实): of parents and of the child's own only for who may see them."""
    facts = facts_in(line.basis, Month.of(line.month))
    said = [(_("Category"), [paid_category(one.category) for one in facts.holdings])]
    if sensitive:
        said += [(str(Role(one.role).label), _parent(one)) for one in facts.parents]
        said.append((_("The child"), [circumstance_title(one.kind) for one in facts.circumstances]))
        said.append((_("Study"), [pair_title(LEVELS[one.level]) for one in facts.study]))
    said.append((_("Placement"), [pair_title(PLACEMENTS[one.kind]) for one in facts.placements]))
    said.append((_("Other aid"), [_aid(one) for one in facts.other_aid]))
    return [(label, "；".join(values)) for label, values in said if values]


def _parent(parent: Any) -> list[str]:
    if parent.is_unknown:
        return [_("not known")]
    return [_told(one) for one in parent.circumstances] or [_("nothing is recorded")]


def _told(one: Any) -> str:
    until = _("until %(last)s") % {"last": day(one.until_on)} if one.until_on else ""
    return " ".join(filter(None, (circumstance_title(one.kind), until)))


def _aid(aid: Any) -> str:
    title = pair_title(AIDS[aid.kind])
    if aid.fen_per_month is not None:
        return _("%(what)s, %(yuan)s yuan a month") % {"what": title, "yuan": money(aid.fen_per_month)}
    if aid.household_fen_per_month is None:
        return title
    said = {"what": title, "yuan": money(aid.household_fen_per_month), "heads": aid.members or 1}
    return _("%(what)s, the household %(yuan)s yuan a month, %(heads)s heads") % said


@dataclass(frozen=True)
class PaymentRow:
    """A payment of a child in words (发放行)."""

    month: str
    category: str
    amount: str
    card: str
    tone: str
    state: str
    note: str
    href: str
    sums: list[SumLine]


def payment_rows(found: Iterable[Payment], *, on: date, can_open: bool, sensitive: bool) -> list[PaymentRow]:
    """The payments of a child, the latest month first, each with its sum."""
    return [_payment_row(one, on=on, can_open=can_open, sensitive=sensitive) for one in found]


def _payment_row(payment: Payment, *, on: date, can_open: bool, sensitive: bool) -> PaymentRow:
    line, last = payment.line, payment.last
    tone, state, note = _stands(payment, on=on)
    card = mask_card(last.payee.card_tail) if last else ""
    href = reverse("desk:run_line", args=[line.run_id, line.pk]) if can_open else ""
    return PaymentRow(
        month(line.month),
        paid_category(line.category),
        money(line.amount_fen),
        card,
        tone,
        state,
        note,
        href,
        sum_lines(line, sensitive=sensitive),
    )


def _stands(payment: Payment, *, on: date) -> tuple[str, str, str]:
    line, last = payment.line, payment.last
    if line.hold:
        return "soon", hold_title(line.hold), hold_action(line.hold)
    if last is None:
        return "info", _("Approved"), ""
    tone, state = attempt_words(last, on=on)
    if last.code:
        return tone, _("Not paid: %(why)s") % {"why": bank_title(last.code, on=on)}, bank_action(last.code, on=on)
    return tone, state, day(last.answered_on)

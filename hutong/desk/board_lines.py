"""The board in words (工作台用语): where a month is, who has it, what comes next; the money of each place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances.models import Run
from hutong.allowances.models.run import RunState
from hutong.desk.payment_words import BATCH_TONES, RUN_TONES, batch_title, run_title
from hutong.desk.titles import money
from hutong.divisions.queries import names_of
from hutong.treasury.models import Batch
from hutong.treasury.models.batch import BatchState
from hutong.treasury.models.book import BookKind

May = frozenset[Permission]


@dataclass(frozen=True)
class StepLine:
    """What is in hand (在办事项): where it is, who has it, one button; the main one where it is this person's turn."""

    tone: str
    state: str
    title: str
    place: str
    note: str
    href: str
    label: str
    is_mine: bool


def run_step(run: Run, user: Person, may: May) -> StepLine:
    """A run that is not decided yet."""
    is_prepared = run.state == RunState.PREPARED
    needs = Permission.PREPARE_RUNS if is_prepared else Permission.APPROVE_RUNS
    is_mine = needs in may and (is_prepared or run.prepared_by_id != user.pk)
    who = _("with the payer; prepared by %(name)s") if is_prepared else _("with the approver; handed in by %(name)s")
    label = (_("Look and hand in") if is_prepared else _("Look and approve")) if is_mine else _("Open")
    return StepLine(
        RUN_TONES[RunState(run.state)],
        str(run.get_state_display()),
        run_title(run),
        _place(run.division_code),
        who % {"name": run.prepared_by.name},
        reverse("desk:run", args=[run.pk]),
        label,
        is_mine,
    )


def batch_step(batch: Batch, user: Person, may: May) -> StepLine:
    """A batch that is not settled yet."""
    is_mine = Permission.PAY_BATCHES in may and user.pk not in (batch.prepared_by_id, batch.approved_by_id)
    notes = {
        BatchState.APPROVED: _("with finance; approved by %(name)s") % {"name": batch.approved_by.name},
        BatchState.SENT: _("with the bank; sent by %(name)s") % {"name": batch.sent_by.name if batch.sent_by else ""},
        BatchState.ANSWERED: _("with finance; the bank has answered"),
    }
    labels = {
        BatchState.APPROVED: _("Send to the bank"),
        BatchState.SENT: _("Take in the bank’s return"),
        BatchState.ANSWERED: _("Reconcile and close"),
    }
    state = BatchState(batch.state)
    sums = _("%(lines)s payments, %(yuan)s yuan") % {"lines": f"{batch.lines:,}", "yuan": money(batch.total_fen)}
    return StepLine(
        BATCH_TONES[state],
        str(batch.get_state_display()),
        batch_title(batch),
        _place(batch.division_code),
        f"{notes[state]} · {sums}",
        reverse("desk:batch", args=[batch.pk]),
        labels[state] if is_mine else _("Open"),
        is_mine,
    )


def _place(code: str) -> str:
    return names_of([code]).get(code, code)


@dataclass(frozen=True)
class MoneyLine:
    """The money of a place (资金情况), in fen: available, committed, with the bank, paid this year."""

    code: str
    name: str
    available_fen: int
    committed_fen: int
    at_bank_fen: int
    paid_fen: int
    undivided_fen: int = 0

    @classmethod
    def total(cls, lines: Iterable["MoneyLine"]) -> "MoneyLine":
        """The sums of all places."""
        rows = list(lines)
        sums = [sum(column) for column in zip(*(one.fens for one in rows), strict=True)] or [0] * 5
        return cls("", "", *sums)

    @property
    def fens(self) -> tuple[int, ...]:
        """The sums in the order of the columns."""
        return (self.available_fen, self.committed_fen, self.at_bank_fen, self.paid_fen, self.undivided_fen)

    @property
    def available(self) -> str:
        """In yuan, as the following ones."""
        return money(self.available_fen)

    @property
    def committed(self) -> str:
        """Approved, not sent yet."""
        return money(self.committed_fen)

    @property
    def at_bank(self) -> str:
        """With the bank."""
        return money(self.at_bank_fen)

    @property
    def paid(self) -> str:
        """Paid out of this year's money."""
        return money(self.paid_fen)

    @property
    def undivided(self) -> str:
        """Not handed out yet."""
        return money(self.undivided_fen)


def money_lines(whole: Mapping[str, Mapping[str, int]], of_year: Mapping[str, Mapping[str, int]]) -> list[MoneyLine]:
    """The money of each place."""
    names = names_of(whole)
    return [
        MoneyLine(
            code,
            names.get(code, code),
            sums.get(BookKind.AVAILABLE, 0),
            sums.get(BookKind.COMMITTED, 0),
            sums.get(BookKind.AT_BANK, 0),
            of_year.get(code, {}).get(BookKind.PAID, 0),
            sums.get(BookKind.UNDIVIDED, 0),
        )
        for code, sums in sorted(whole.items())
    ]


@dataclass(frozen=True)
class PastLine:
    """A run and what became of it (历次发放)."""

    title: str
    place: str
    lines: str
    amount: str
    tone: str
    state: str
    href: str
    batch_href: str


def past_lines(runs: Iterable[Run]) -> list[PastLine]:
    """The latest runs, each with its batch."""
    rows = list(runs)
    names = names_of({one.division_code for one in rows})
    return [_past(one, names) for one in rows]


def _past(run: Run, names: Mapping[str, str]) -> PastLine:
    batch = run.batch
    if batch is None:
        tone, state = RUN_TONES[RunState(run.state)], str(run.get_state_display())
        return PastLine(run_title(run), names.get(run.division_code, ""), "", "", tone, state, _run(run), "")
    tone, state = BATCH_TONES[BatchState(batch.state)], str(batch.get_state_display())
    place, href = names.get(run.division_code, ""), reverse("desk:batch", args=[batch.pk])
    return PastLine(run_title(run), place, f"{batch.lines:,}", money(batch.total_fen), tone, state, _run(run), href)


def _run(run: Run) -> str:
    return reverse("desk:run", args=[run.pk])

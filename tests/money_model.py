"""A model of the money in memory, written from what is promised and not from the code: no database, no SQL, no law.

Every child has a standard of 1,640 yuan from its first month on, less other aid. What is owed for a month and was not
paid becomes a line, whatever the month; lines wait while a month is suspended or there is no card.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

STANDARD = 164_000
RETRY, CARD = ("payer_balance", "bank_error"), ("account_closed", "card_lost")


def first_of(month: int) -> date:
    """The first day of a month, which is counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def month_of(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


@dataclass(eq=False)
class Card:
    """A card from a first to a last day."""

    number: str
    opened: date
    closed: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is paid to on a day."""
        return self.opened <= day and (self.closed is None or self.closed >= day)


@dataclass(eq=False)
class Kid:
    """A child: where it is, what it is owed, which cards it has."""

    pk: int
    county: str
    leads: "Kid | None" = None
    until: int | None = None
    paid_through: int | None = None
    cards: list[Card] = field(default_factory=list)
    aid: list[tuple[int, int, int | None]] = field(default_factory=list)
    suspended: list[tuple[int, int | None]] = field(default_factory=list)
    dues: Counter[int] = field(default_factory=Counter)
    is_held: bool = False

    def card_on(self, day: date) -> Card | None:
        """The card of a day."""
        return next((card for card in self.cards if card.holds_on(day)), None)


@dataclass(eq=False)
class Due:
    """What was approved for a child and month, and its attempts: card and state."""

    kid: Kid
    month: int
    amount: int
    county: str
    attempts: list["Attempt"] = field(default_factory=list)


@dataclass(eq=False)
class Attempt:
    """A due line on its way to a card."""

    due: Due
    card: Card
    state: str = "to_send"
    code: str = ""
    is_paid_after_all: bool = False


@dataclass(eq=False)
class Line:
    """A line of a run."""

    kid: Kid
    month: int
    amount: int
    owed: int
    hold: str
    card: Card | None
    again: Due | None = None

    @property
    def said(self) -> tuple[int, int, int, bool]:
        """What is compared with the line of the database."""
        return self.kid.pk, self.month, self.amount, not self.hold


@dataclass(eq=False)
class Run:
    """A run of a county and month."""

    county: str
    month: int
    purpose: str
    lines: list[Line]
    files: dict[int, frozenset[int]]
    state: str = "prepared"
    batch: "Batch | None" = None


@dataclass(eq=False)
class Batch:
    """What was approved: its attempts."""

    county: str
    attempts: list[Attempt]
    state: str = "approved"


class Model:
    """Two counties and their children, from a first month on."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.kids: list[Kid] = []
        self.runs: list[Run] = []
        self.books: dict[str, Counter[str]] = defaultdict(Counter)
        self.most: Counter[tuple[int, int]] = Counter()

    def files(self, kid: Kid) -> list[Kid]:
        """A child's files, the leading one first."""
        return [kid, *(one for one in self.kids if one.leads is kid)]

    def leading(self) -> list[Kid]:
        """The children."""
        return [kid for kid in self.kids if kid.leads is None]

    def owed(self, kid: Kid, month: int) -> int:
        """What is due to a child for a month by what is known now."""
        files = self.files(kid)
        if not any(one.until is None or one.until >= month for one in files):
            return 0
        aid = sum(fen for one in files for fen, first, last in one.aid if first <= month and (last or month) >= month)
        return max(STANDARD - aid, 0)

    def paid(self, kid: Kid, month: int) -> int:
        """What was approved for it already."""
        return sum(one.dues[month] for one in self.files(kid))

    def is_suspended(self, kid: Kid, month: int) -> bool:
        """Whether the month waits."""
        spans = [span for one in self.files(kid) for span in one.suspended]
        return any(first <= month and (again is None or again > month) for first, again in spans)

    def by_hand(self, kid: Kid) -> str:
        """Why a child waits whom somebody holds; nothing for others."""
        return "by_hand" if any(one.is_held for one in self.files(kid)) else ""

    def card(self, kid: Kid, day: date) -> Card | None:
        """The card a child is paid to on a day: that of the leading file, or of another."""
        return next((card for one in self.files(kid) if (card := one.card_on(day))), None)

    def since(self, kid: Kid) -> int:
        """The first month that is looked at."""
        openings = [one.paid_through + 1 for one in self.files(kid) if one.paid_through is not None]
        return max(openings) if openings else self.first

    def lines(self, county: str, month: int) -> Iterator[Line]:
        """The lines of a run, every month of every child."""
        day = first_of(month).replace(day=5)
        for kid in self.leading():
            for earlier in range(self.since(kid), month + 1) if kid.county == county else ():
                owed = self.owed(kid, earlier)
                if (left := owed - self.paid(kid, earlier)) > 0:
                    card = self.card(kid, day)
                    hold = "suspended" if self.is_suspended(kid, earlier) else self.by_hand(kid) if card else "no_payee"
                    yield Line(kid, earlier, left, owed, hold, card)

    def lines_anew(self, county: str, on: date) -> Iterator[Line]:
        """What the bank did not pay and may be sent again."""
        taken = {line.again for run in self.runs if run.state in ("prepared", "handed_in") for line in run.lines}
        for due in [due for due in self.dues() if due.county == county and due not in taken]:
            last, kid = due.attempts[-1], due.kid.leads or due.kid
            card = self.card(kid, on)
            may_go = last.code in RETRY or (last.code in CARD and card is not last.card)
            if card and may_go and last.state == "failed" and not last.is_paid_after_all:
                yield Line(due.kid, due.month, due.amount, due.amount, self.by_hand(kid), card, due)

    def dues(self) -> list[Due]:
        """All due lines."""
        found: dict[Due, None] = {}
        for run in self.runs:
            for attempt in run.batch.attempts if run.batch else ():
                found[attempt.due] = None
        return list(found)

    def prepared(self, county: str, month: int, purpose: str, on: date) -> Run:
        """A run as it has to be."""
        lines = list(self.lines_anew(county, on) if purpose == "anew" else self.lines(county, month))
        return Run(county, month, purpose, lines, self.joined(lines))

    def joined(self, lines: list[Line]) -> dict[int, frozenset[int]]:
        """Which files belong together, of the children of a run; those that lead no more are marked."""
        return {
            line.kid.pk: frozenset(one.pk for one in self.files(line.kid)) if line.kid.leads is None else frozenset()
            for line in lines
            if line.again is None
        }

    def may_approve(self, run: Run, on: date) -> bool:
        """Whether a run can be approved; what changed meanwhile is held."""
        later = [one for one in self.runs if one.state == "approved" and one.county == run.county]
        if any(one.month > run.month and "anew" not in (one.purpose, run.purpose) for one in later):
            return False
        if run.state != "handed_in" or run.files != self.joined(run.lines):
            return False
        fresh = [line for line in run.lines if not line.hold and line.again is None]
        if any(self.paid(line.kid, line.month) + line.amount > line.owed for line in fresh):
            return False
        if any(line.again and line.again.attempts[-1].is_paid_after_all for line in run.lines if not line.hold):
            return False
        left = [line for line in run.lines if not line.hold and self.still(line, on)]
        new = sum(line.amount for line in left if line.again is None)
        return bool(left) and new <= self.books[run.county]["available"]

    def still(self, line: Line, on: date) -> Card | None:
        """The card a line goes to on the day it is approved; none where it waits."""
        card = line.card
        if card and card.closed and card.closed < on:
            owner = next(kid for kid in self.kids if card in kid.cards)
            card = owner.card_on(on)
        kid = line.kid.leads or line.kid
        return None if self.is_suspended(kid, line.month) or self.by_hand(kid) else card

    def approve(self, run: Run, on: date) -> Batch:
        """The run is due."""
        attempts, new = [], 0
        for line in run.lines:
            card = self.still(line, on)
            if line.hold or card is None:
                line.hold = line.hold or "held"
                continue
            due = line.again or Due(line.kid, line.month, line.amount, run.county)
            if line.again is None:
                line.kid.dues[line.month] += line.amount
                new += line.amount
                self.most[line.kid.pk, line.month] = max(self.most[line.kid.pk, line.month], line.owed)
            due.attempts.append(Attempt(due, card))
            attempts.append(due.attempts[-1])
        run.state, run.batch = "approved", Batch(run.county, attempts)
        self.move(run.county, "available", "committed", new)
        return run.batch

    def move(self, county: str, source: str, target: str, fen: int) -> None:
        """Money of a county goes from one condition to another."""
        self.books[county][source] -= fen
        self.books[county][target] += fen

    def send(self, batch: Batch) -> None:
        """The batch is with the bank."""
        batch.state = "sent"
        for attempt in batch.attempts:
            attempt.state = "sent"
        self.move(batch.county, "committed", "at_bank", sum(one.due.amount for one in batch.attempts))

    def settle(self, batch: Batch, attempt: Attempt, code: str) -> None:
        """The bank has answered: paid, or why not; what was paid may bounce."""
        if attempt.state == "sent":
            target = "committed" if code else "paid"
            self.move(batch.county, "at_bank", target, attempt.due.amount)
        elif attempt.state == "paid" and code:
            self.move(batch.county, "paid", "committed", attempt.due.amount)
        else:
            attempt.is_paid_after_all |= attempt.state == "failed" and not code
            return
        attempt.state, attempt.code, batch.state = "failed" if code else "paid", code, "answered"

"""Money (资金) of the demonstration: funds of every year, what counties got of them, and every movement of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from hutong.accounts.models import Person
from hutong.demo.staff import username
from hutong.law.division_code import full
from hutong.law.funds import LEVELS
from hutong.treasury.models import Allocation, Book, Entry, Fund, Posting
from hutong.treasury.models.book import BookKind, EntryKind

PROVINCE = "64"
SHARED = (
    ("central", "budget", 45, "财社"),
    ("region", "budget", 25, "宁财（社）指标"),
    ("region", "lottery", 5, "宁财（综）指标"),
)
"""What the region hands out: level, nature, per cent of what is needed, the word of its documents."""
OWN = 30
"""Per cent that counties add; together a little more than is needed."""
MOVES = {
    EntryKind.COMMITTED: (BookKind.AVAILABLE, BookKind.COMMITTED),
    EntryKind.SENT: (BookKind.COMMITTED, BookKind.AT_BANK),
    EntryKind.PAID: (BookKind.AT_BANK, BookKind.PAID),
    EntryKind.RETURNED: (BookKind.AT_BANK, BookKind.COMMITTED),
}


@dataclass(frozen=True)
class Movement:
    """A movement (资金流转) of a county's money: why, of which batch, fen, when, by whom."""

    county: str
    kind: EntryKind
    subject: str
    amount_fen: int
    on: date
    by: Person


class Money:
    """Whoever makes money up (虚构资金), so that what was paid could be paid."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._books: dict[tuple[int, str, str], Book] = {}
        self._balances: dict[tuple[int, str, str], int] = defaultdict(int)
        self._legs: list[tuple[Entry, list[tuple[Book, int]]]] = []

    def book(self, movements: Sequence[Movement], needed: Mapping[tuple[str, int], int]) -> None:
        """Writes funds that suffice for `needed` (county, year: fen), and all movements."""
        needed = {key: fen for key, fen in needed.items() if fen}
        funds = {year: list(self._fund(year, needed)) for year in sorted({year for _county, year in needed})}
        ordered = sorted(movements, key=lambda one: (one.county, one.on))
        for county, moves in groupby(ordered, key=lambda one: one.county):
            for move in moves:
                self._move(move, [fund for year in funds if year <= move.on.year for fund in funds[year]], county)
        self._write()

    def _fund(self, year: int, needed: Mapping[tuple[str, int], int]) -> Iterator[Fund]:
        on, wanted = date(year, 1, 4), {county: fen for (county, of), fen in needed.items() if of == year}
        region, other = (
            self._people[name] for name in (username("region_officer", PROVINCE), username("region_approver", PROVINCE))
        )
        for at, (level, nature, part, word) in enumerate(SHARED):
            shares = {county: _round(fen * part // 100) for county, fen in wanted.items()}
            fund = Fund.objects.create(
                division_code=full(PROVINCE), year=year, level=level, nature=nature, amount_fen=sum(shares.values()),
                document_number=f"{word}〔{year}〕{12 + at}号", entered_on=on, entered_by=region, confirmed_on=on,
                confirmed_by=other,
            )  # fmt: skip
            self._enter(EntryKind.RECEIVED, "fund", fund.pk, full(PROVINCE), on, other, [
                (self._book(fund, full(PROVINCE), BookKind.SOURCE), -fund.amount_fen),
                (self._book(fund, full(PROVINCE), BookKind.UNDIVIDED), fund.amount_fen),
            ])  # fmt: skip
            for county, fen in shares.items():
                self._hand_out(fund, county, fen, on, region, other)
            yield fund
        for county, fen in wanted.items():
            yield self._of_county(county, year, _round(fen * OWN // 100))

    def _hand_out(self, fund: Fund, county: str, fen: int, on: date, by: Person, other: Person) -> None:
        given = Allocation.objects.create(
            fund=fund, division_code=full(county), amount_fen=fen, document_number=f"{fund.document_number}附表",
            entered_on=on, entered_by=by, confirmed_on=on, confirmed_by=other,
        )  # fmt: skip
        self._enter(EntryKind.ALLOCATED, "allocation", given.pk, full(county), on, other, [
            (self._book(fund, full(PROVINCE), BookKind.UNDIVIDED), -fen),
            (self._book(fund, full(county), BookKind.AVAILABLE), fen),
        ])  # fmt: skip

    def _of_county(self, county: str, year: int, fen: int) -> Fund:
        on, by, other = (
            date(year, 1, 8),
            self._people[username("finance", county)],
            self._people[username("approver", county)],
        )
        fund = Fund.objects.create(
            division_code=full(county), year=year, level="county", nature="budget", amount_fen=fen,
            document_number=f"县财预〔{year}〕{county[4:]}号", entered_on=on, entered_by=by, confirmed_on=on,
            confirmed_by=other,
        )  # fmt: skip
        self._enter(EntryKind.RECEIVED, "fund", fund.pk, full(county), on, other, [
            (self._book(fund, full(county), BookKind.SOURCE), -fen),
            (self._book(fund, full(county), BookKind.AVAILABLE), fen),
        ])  # fmt: skip
        return fund

    def _move(self, move: Movement, funds: Sequence[Fund], county: str) -> None:
        source, target = MOVES[move.kind]
        legs, left = [], move.amount_fen
        for fund in sorted(funds, key=lambda fund: (list(LEVELS).index(fund.level), fund.year, fund.pk)):
            fen = min(self._balances[fund.pk, full(county), source], left)
            if fen > 0:
                legs += [(self._book(fund, full(county), source), -fen), (self._book(fund, full(county), target), fen)]
                left -= fen
        if left:
            raise ValueError(f"{county} lacks {left} fen on {move.on}")
        self._enter(move.kind, "batch", move.subject, full(county), move.on, move.by, legs)

    def _book(self, fund: Fund, code: str, kind: BookKind) -> Book:
        key = (fund.pk, code, kind)
        if key not in self._books:
            self._books[key] = Book(fund=fund, division_code=code, kind=kind)
        return self._books[key]

    def _enter(
        self, kind: EntryKind, subject_kind: str, subject: object, code: str, on: date, by: Person,
        legs: list[tuple[Book, int]],
    ) -> None:  # fmt: skip
        for book, fen in legs:
            self._balances[book.fund_id, book.division_code, book.kind] += fen
        entry = Entry(kind=kind, subject_kind=subject_kind, subject_key=str(subject), division_code=code, on=on, by=by)
        self._legs.append((entry, legs))

    def _write(self) -> None:
        self._legs.sort(key=lambda one: one[0].on)
        Book.objects.bulk_create(self._books.values())
        Entry.objects.bulk_create(entry for entry, _legs in self._legs)
        Posting.objects.bulk_create(
            Posting(entry=entry, book=book, amount_fen=fen) for entry, legs in self._legs for book, fen in legs
        )


def _round(fen: int) -> int:
    """Whole thousands of yuan, upwards."""
    return -(-fen // 100_000) * 100_000

"""Books: what money moves, and from which funds first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Case, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.law.funds import LEVELS
from hutong.law.money import yuan
from hutong.treasury.models import Book, Entry, Fund, Posting
from hutong.treasury.models.book import BookKind, EntryKind

HIGHEST_FIRST = Case(*(When(fund__level=level, then=Value(at)) for at, level in enumerate(LEVELS)))


class NotEnough(Refused):
    """There is less money than is to be moved (资金不足); `short_fen` is missing."""

    def __init__(self, short_fen: int) -> None:
        said = {"short": yuan(short_fen)}
        super().__init__(_("The money does not suffice: %(short)s are missing. Have more handed out first.") % said)
        self.short_fen = short_fen


@dataclass(frozen=True)
class Matter:
    """Matter (业务事项): what an entry is about, where, when and by whom."""

    kind: EntryKind
    subject_kind: str
    subject_key: str
    division_code: str
    by: Person
    on: date


def books_of(division_code: str, kind: BookKind) -> QuerySet[Book]:
    """The books of one kind at a place (账户), the higher level's money first, the older fund first."""
    found = Book.objects.filter(division_code=division_code, kind=kind).select_related("fund")
    return found.order_by(HIGHEST_FIRST, "fund__year", "fund_id")


def balance_of(division_code: str, kind: BookKind) -> int:
    """What stands in the books of one kind at a place (余额), in fen."""
    return books_of(division_code, kind).aggregate(sum=Sum("balance_fen"))["sum"] or 0


def book_of(fund: Fund, division_code: str, kind: BookKind) -> Book:
    """One book, opened where there is none yet."""
    book, _made = Book.objects.get_or_create(fund=fund, division_code=division_code, kind=kind)
    return book


def post(matter: Matter, legs: Mapping[Book, int]) -> Entry:
    """Post (记账) one entry: fen by book, which sum to nothing. The database says no where a book would fall below."""
    if sum(legs.values()):
        raise ValueError("an entry sums to nothing")
    entry = Entry.objects.create(
        kind=matter.kind,
        subject_kind=matter.subject_kind,
        subject_key=matter.subject_key,
        division_code=matter.division_code,
        by=matter.by,
        on=matter.on,
    )
    Posting.objects.bulk_create(
        Posting(entry=entry, book=book, amount_fen=fen) for book, fen in sorted(legs.items(), key=_by_id) if fen
    )
    return entry


def _by_id(leg: tuple[Book, int]) -> int:
    return leg[0].pk


def lock_money(division_code: str) -> None:
    """Waits for the turn to move money of a place (资金锁); held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('money ' || %s, 0))", [division_code])


def move(matter: Matter, source: BookKind, target: BookKind, amount_fen: int) -> Entry:
    """Move money (资金流转) of a place from one condition to another, fund by fund. Raises NotEnough."""
    lock_money(matter.division_code)
    legs: dict[Book, int] = {}
    for book, fen in _drained(list(books_of(matter.division_code, source)), amount_fen):
        legs[book] = -fen
        legs[book_of(book.fund, matter.division_code, target)] = fen
    return post(matter, legs)


def _drained(books: Sequence[Book], amount_fen: int) -> list[tuple[Book, int]]:
    taken, left = [], amount_fen
    for book in books:
        fen = min(book.balance_fen, left)
        if fen > 0:
            taken.append((book, fen))
            left -= fen
    if left:
        raise NotEnough(left)
    return taken

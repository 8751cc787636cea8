"""Reads of the treasury. What a payee is found by is a key that a room above holds, and that room decides who may ask.

Batches, funds and attempts are read by whoever may see payments at their place: by number, masked card and the bank's
state, never by whose they are.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.treasury.models import Allocation, Attempt, Batch, Book, Entry, Fund, Payee, Posting
from hutong.treasury.models.batch import AttemptState, BatchState
from hutong.treasury.models.book import BookKind, EntryKind

SEES = Permission.SEE_PAYMENTS
UNSETTLED = (BatchState.APPROVED, BatchState.SENT, BatchState.ANSWERED)
"""States of a batch that somebody still has to bring on (未结批次)."""


def payee_with_key(key: str) -> Payee | None:
    """One payee row by its key."""
    return Payee.objects.filter(key=key).first()


def paid_to_on(holder_keys: Collection[str], *, on: date) -> dict[str, Payee]:
    """The card of each holder on a day (当日有效卡), by the holder's key; holders without one are left out."""
    rows = Payee.objects.filter(_held_on(on), holder_key__in=set(holder_keys))
    return {payee.holder_key: payee for payee in rows}


def cards_of(holder_key: str) -> QuerySet[Payee]:
    """All cards of one holder, the first one first."""
    return Payee.objects.filter(holder_key=holder_key).order_by("opened_on", "id")


def books_off() -> list[int]:
    """Books whose balance is not the sum of their postings (余额不符), by id: none, unless somebody went round us."""
    posted = Coalesce(Sum("postings__amount_fen"), 0, output_field=BigIntegerField())
    found = Book.objects.order_by("pk").annotate(posted=posted).exclude(balance_fen=F("posted"))
    return list(found.values_list("pk", flat=True))


def entries_off() -> list[int]:
    """Entries whose postings do not sum to nothing (借贷不平), by id: none, unless somebody went round us."""
    found = Entry.objects.order_by("pk").annotate(posted=Sum("postings__amount_fen")).exclude(posted=0)
    return list(found.values_list("pk", flat=True))


def _held_on(on: date) -> Q:
    return Q(opened_on__lte=on) & (Q(closed_on__isnull=True) | Q(closed_on__gte=on))


def batches(user: Person, *, on: date) -> QuerySet[Batch]:
    """The batches of the places whose payments a person sees (可见批次), the latest first."""
    seen = jurisdiction_of(user, SEES, on=on).where("division_code")
    return Batch.objects.filter(seen).select_related("prepared_by", "approved_by", "sent_by", "closed_by")


def batch(user: Person, number: int, *, on: date) -> Batch | None:
    """One of them."""
    return batches(user, on=on).filter(pk=number).first()


def attempts_of(batch: Batch, *, state: str = "", code: str = "") -> QuerySet[Attempt]:
    """The attempts of a batch (支付明细), all, of a state, or of what the bank said of them."""
    found = Attempt.objects.filter(batch=batch).select_related("due", "payee").order_by("id")
    said = {name: value for name, value in (("state", state), ("code", code)) if value}
    return found.filter(**said)


@dataclass(frozen=True)
class Sums:
    """A number of payments and what they come to (笔数和金额), in fen."""

    lines: int = 0
    fen: int = 0


NOTHING = Sums()


def sums_of(batch: Batch) -> dict[str, Sums]:
    """What a batch comes to, by the state of its attempts (对账)."""
    rows = Attempt.objects.filter(batch=batch).order_by().values_list("state")
    return {state: Sums(count, fen) for state, count, fen in rows.annotate(Count("id"), Sum("due__amount_fen"))}


def failures_of(batch: Batch) -> list[tuple[str, Sums]]:
    """What was not paid, by what the bank said (未付分类), the most first."""
    rows = attempts_of(batch, state=AttemptState.FAILED).order_by().values_list("code")
    found = rows.annotate(lines=Count("id"), fen=Sum("due__amount_fen")).order_by("-lines", "code")
    return [(code, Sums(lines, fen)) for code, lines, fen in found]


def failed(user: Person, *, on: date) -> QuerySet[Attempt]:
    """What was tried last and not paid (退回未付), at the places whose payments a person sees."""
    seen = jurisdiction_of(user, SEES, on=on).where("batch__division_code")
    last = Attempt.objects.filter(due=OuterRef("due")).order_by().values("due").annotate(last=Max("pk")).values("last")
    found = Attempt.objects.filter(seen, state=AttemptState.FAILED, pk=Subquery(last))
    return found.select_related("due", "payee", "batch").order_by("due__month", "id")


def funds(user: Person, *, on: date) -> QuerySet[Fund]:
    """The funds a person sees (可见资金): of their places, and those above from which they are given something."""
    seen = jurisdiction_of(user, SEES, on=on)
    given = Allocation.objects.filter(seen.where("division_code"), refused_words="").order_by().values("fund")
    found = Fund.objects.filter(seen.where("division_code") | Q(pk__in=given))
    return found.select_related("entered_by", "confirmed_by").order_by("-year", "-id")


def fund(user: Person, number: int, *, on: date) -> Fund | None:
    """One of them."""
    return funds(user, on=on).filter(pk=number).first()


def allocations(user: Person, fund: Fund, *, on: date) -> QuerySet[Allocation]:
    """What of a fund was given to the places a person sees, or to all where the fund is theirs (可见分配)."""
    seen = jurisdiction_of(user, SEES, on=on)
    found = Allocation.objects.filter(fund=fund).select_related("entered_by", "confirmed_by", "fund").order_by("-id")
    return found if seen.covers(fund.division_code) else found.filter(seen.where("division_code"))


def allocation(user: Person, number: int, *, on: date) -> Allocation | None:
    """One of them."""
    of = Allocation.objects.filter(pk=number).select_related("fund").first()
    return allocations(user, of.fund, on=on).filter(pk=number).first() if of else None


def books(user: Person, *, on: date) -> QuerySet[Book]:
    """The books of the places whose payments a person sees (可见账户), but the sources."""
    seen = jurisdiction_of(user, SEES, on=on).where("division_code")
    return Book.objects.filter(seen).exclude(kind=BookKind.SOURCE).select_related("fund")


def balances(user: Person, *, on: date, year: int | None = None) -> dict[str, dict[str, int]]:
    """What stands in the books (余额), by place and kind of book; of the funds of a year, where one is asked for."""
    found = books(user, on=on)
    rows = (found.filter(fund__year=year) if year else found).order_by().values_list("division_code", "kind")
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for place, kind, fen in rows.annotate(fen=Sum("balance_fen")):
        sums[place][kind] = fen
    return sums


@dataclass(frozen=True)
class Source:
    """Source (资金来源): what money of one level and nature a sum was taken from, and its document."""

    level: str
    nature: str
    document: str
    fen: int


def sources_of(batch: Batch) -> list[Source]:
    """Where the money of a batch comes from (资金来源构成), the higher level first: what was committed for it."""
    rows = (
        Posting.objects.filter(
            entry__kind=EntryKind.COMMITTED, entry__subject_kind="batch", entry__subject_key=str(batch.pk),
            amount_fen__gt=0,
        )
        .order_by("book__fund__year", "book__fund")
        .values_list("book__fund__level", "book__fund__nature", "book__fund__document_number", "amount_fen")
    )  # fmt: skip
    return [Source(*row) for row in rows]


def attempts_for(dues: Collection[int]) -> Mapping[int, list[Attempt]]:
    """The attempts to pay due lines (支付记录), by the line above that each stands for, the first one first."""
    found: dict[int, list[Attempt]] = defaultdict(list)
    rows = Attempt.objects.filter(due__reference__in=set(dues)).annotate(line=F("due__reference"))
    for attempt in rows.select_related("payee", "batch").order_by("id"):
        found[attempt.line].append(attempt)
    return found

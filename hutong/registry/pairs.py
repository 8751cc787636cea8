"""Reads of pairs (疑似重复): whose both files somebody sees, how they differ, and what was answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import F, Q, QuerySet

from hutong.accounts.jurisdiction import Area
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.kit.names import clean_name
from hutong.law.categories import CATEGORIES
from hutong.law.division_code import prefix_of
from hutong.law.duplicates import BANDS
from hutong.registry.models import Child, Merge, Pair
from hutong.registry.models.merge import MergeStage
from hutong.registry.models.pair import PairState
from hutong.registry.queries import said_of, said_of_parents, visible_to

ASKED_FOR = timedelta(days=7)
ASKED = (PairState.OPEN, PairState.WAITING)
ANSWERED = (PairState.WAITING, PairState.SAME, PairState.DIFFERENT, "answered")
HEAVIEST, LATEST = ("-weight", "id"), ("-decided_at", "-id")
BOTH_LEAD = Q(first__canonical__isnull=True, second__canonical__isnull=True)
"""Both files stand alone or lead: of a joined file nothing is asked."""
WITH_FILES = ("first__canonical", "second__canonical", "decided_by", "asked_by")


@dataclass(frozen=True)
class PairFilters:
    """What a list of pairs is narrowed by (筛选条件); empty means not narrowed.

    `checked` is the answer of the second look, `any`, or `differs`; `by` the id of who answered, proposed or confirmed;
    `name` a part of either child's name.
    """

    state: str = PairState.OPEN
    band: str = ""
    division: str = ""
    checked: str = ""
    by: int = 0
    decided_on: date | None = None
    name: str = ""


def pairs(user: Person, filters: PairFilters, *, on: date) -> QuerySet[Pair]:
    """The pairs that fit, the heaviest first, answered ones the latest first: both files are the user's to see."""
    found = all_pairs(user, on=on).filter(*_narrowed(filters))
    return found.order_by(*(LATEST if filters.state in ANSWERED else HEAVIEST))


def all_pairs(user: Person, *, on: date) -> QuerySet[Pair]:
    """All pairs whose both files a person sees, those that cannot be asked now left out."""
    seen = visible_to(user, on=on).order_by().values("pk")
    found = Pair.objects.filter(first__in=seen, second__in=seen).filter(BOTH_LEAD | ~Q(state__in=ASKED))
    return found.select_related(*WITH_FILES)


def pair_with_number(user: Person, number: int, *, on: date) -> Pair | None:
    """One pair whose both files a person sees."""
    return all_pairs(user, on=on).filter(pk=number).first()


def _narrowed(filters: PairFilters) -> Iterable[Q]:
    if filters.state == "answered":
        yield Q(state__in=[PairState.SAME, PairState.DIFFERENT])
    elif filters.state:
        yield Q(state=filters.state)
    if filters.band:
        yield within_band(filters.band)
    if filters.division:
        area = Area((prefix_of(filters.division),))
        yield area.where("first__responsible_code") | area.where("second__responsible_code")
    if filters.checked:
        yield _checked(filters.checked)
    yield from _by_whom_and_when(filters)


def _by_whom_and_when(filters: PairFilters) -> Iterable[Q]:
    if filters.by:
        confirmed = Merge.objects.filter(decided_by=filters.by, stage=MergeStage.DONE).values("pair")
        yield Q(decided_by=filters.by) | Q(pk__in=confirmed)
    if filters.decided_on:
        yield Q(decided_at__date=filters.decided_on)
    if filters.name:
        yield Q(first__name__icontains=filters.name) | Q(second__name__icontains=filters.name)


def within_band(band: str) -> Q:
    """The pairs of one band of probability."""
    least, below = next((least, below) for code, least, below in BANDS if code == band)
    return Q(probability__gte=least, probability__lt=below)


def _checked(answer: str) -> Q:
    if answer == "differs":
        return ~Q(second_look__answer="") & ~Q(second_look__answer=F("state")) & Q(second_look__isnull=False)
    return Q(second_look__answer=answer) if answer != "any" else Q(second_look__answer__gt="")


def waiting_count(user: Person, rights: Collection[Permission], *, on: date) -> int:
    """How many pairs wait for a person with these rights (待判定数), as the desk lists them: open ones, proposed ones
    for who confirms, far ones for who brings together.
    """
    if Permission.JUDGE_PAIRS in rights:
        return pairs(user, PairFilters(), on=on).count()
    if Permission.CONFIRM_CHANGES in rights:
        return pairs(user, PairFilters(PairState.WAITING), on=on).count()
    return far_pairs(user, on=on).count()


def pairs_about(user: Person, child: Child, *, on: date) -> QuerySet[Pair]:
    """The pairs about one file that wait for an answer or a second person (未决疑似重复), if a person sees both."""
    about = all_pairs(user, on=on).filter(Q(first=child) | Q(second=child), state__in=ASKED)
    return about.order_by("-weight", "id")


def far_pairs(user: Person, *, on: date) -> QuerySet[Pair]:
    """Open pairs of two counties in a person's area (跨县疑似重复): of both files the number and the place alone."""
    area = jurisdiction_of(user, Permission.BRING_TOGETHER, on=on)
    far = Pair.objects.filter(BOTH_LEAD, state=PairState.OPEN).exclude(first__county_prefix=F("second__county_prefix"))
    within = area.where("first__responsible_code") & area.where("second__responsible_code")
    return far.filter(within).select_related(*WITH_FILES).order_by("-weight", "id")


def rests(user: Person, number: int, *, on: date) -> bool:
    """Whether a pair somebody sees is not asked now (暂不判定), because one of its files is joined to another."""
    seen = visible_to(user, on=on).order_by().values("pk")
    return Pair.objects.filter(pk=number, first__in=seen, second__in=seen).exclude(BOTH_LEAD).exists()


def state_now(pair: Pair) -> str:
    """The state of a pair as it is now (当前判定状态), whatever was read before."""
    return Pair.objects.values_list("state", flat=True).get(pk=pair.pk)


def may_ask(pair: Pair, *, on: date) -> bool:
    """Whether two counties may be asked about a pair (可否请两地核实): not again within seven days."""
    return pair.asked_on is None or on >= pair.asked_on + ASKED_FOR


def merge_of(pair: Pair) -> Merge | None:
    """The merge that a pair's last answer proposed (对应合并), whatever became of it."""
    found = Merge.objects.filter(pair=pair).select_related("leading", "joined", "by", "decided_by", "undone_by")
    return found.order_by("-id").first()


def suggested(pair: Pair) -> Child:
    """Which file had better lead (建议主档案): open, with a number, with a paid category, registered first."""
    return min(pair.first, pair.second, key=_rank)


def _rank(child: Child) -> tuple[bool, bool, bool, object]:
    held = {one.category for one in child.holdings.all() if one.until_on is None}
    is_paid = any(CATEGORIES[code].paid for code in held)
    return child.closed_on is not None, child.id_number is None, not is_paid, child.registered_at


def cannot_lead(child: Child, other: Child) -> str:
    """Why a file cannot lead the other (不能作主档案): the other has the `number`, or is `open`; empty where it can."""
    if other.id_number and not child.id_number:
        return "number"
    return "open" if child.closed_on and not other.closed_on else ""


def why_suggested(pair: Pair) -> str:
    """What decides which file had better lead (建议理由): `open`, `number`, `paid`, or `first`."""
    ranks = zip(_rank(pair.first), _rank(pair.second), strict=True)
    return next(
        why for why, (one, other) in zip(("open", "number", "paid", "first"), ranks, strict=True) if one != other
    )


class Likeness(StrEnum):
    """How alike two files are in one field (异同)."""

    SAME = "same"
    DIFFERENT = "different"
    ONE_SIDED = "one_sided"
    NEITHER = "neither"


@dataclass(frozen=True)
class Compared:
    """One field of two files side by side (对照项), by column code; values as the register keeps them."""

    column: str
    first: str
    second: str

    @property
    def likeness(self) -> Likeness:
        """How alike both are; names without regard to dots and spaces."""
        if not self.first and not self.second:
            return Likeness.NEITHER
        if not self.first or not self.second:
            return Likeness.ONE_SIDED
        return Likeness.SAME if _plain(self.first) == _plain(self.second) else Likeness.DIFFERENT


def _plain(value: str) -> str:
    return clean_name(value).replace("·", "").replace(" ", "")


COLUMNS = (
    "name", "sex", "birth_date", "id_number", "ethnic_group", "guardian_name", "guardian_relation",
    "guardian_id_number", "guardian_phone", "father_name", "father_id_number", "mother_name", "mother_id_number",
    "registered_division", "living_division", "living_address", "responsible_division", "category",
)  # fmt: skip


def compared(first: Child, second: Child) -> list[Compared]:
    """Two files field by field (逐项对照), opened; whoever calls records the look. What neither says is left out."""
    one, other = _said(first), _said(second)
    lines = [Compared(column, one.get(column, ""), other.get(column, "")) for column in COLUMNS]
    return [line for line in lines if line.likeness != Likeness.NEITHER]


def _said(child: Child) -> dict[str, str]:
    held = sorted(one.category for one in child.holdings.all() if one.until_on is None)
    number = child.id_number.open() if child.id_number else ""
    return said_of(child) | said_of_parents(child) | {"id_number": number, "category": " ".join(held)}

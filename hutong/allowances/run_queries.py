"""Reads of monthly runs. The first argument is who asks; every figure is a count of a list that can be opened.

A line says whose it is to those alone who may see the child.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from hutong.accounts.models import Person
from hutong.accounts.queries import jurisdiction_of, may
from hutong.allowances.models import Overpaid, RecognitionEnd, Run, RunLine
from hutong.allowances.models.recognition import EndStage
from hutong.allowances.models.run import RunState
from hutong.allowances.reckoning import PAID
from hutong.law.division_code import prefix_of
from hutong.law.holds import ENDED as IS_ENDED
from hutong.law.holds import HOLDS, SUSPENDED, TOPPED
from hutong.law.months import Month
from hutong.registry.models import CategoryHolding, Child
from hutong.registry.queries import visible_children, visible_to
from hutong.treasury.models import Batch
from hutong.treasury.models.batch import DueKind, Purpose
from hutong.treasury.queries import SEES

PAYS, ARREARS, ALL = "pays", "arrears", "all"
LISTS: dict[str, Q] = {
    ALL: Q(),
    PAYS: Q(hold=""),
    ARREARS: Q(hold="", kind=DueKind.ARREARS) | Q(hold="", month__lt=F("run__month")),
    "held": ~Q(hold=""),
} | {f"hold_{code}": Q(hold=code) for code in HOLDS}
LISTS |= {f"category_{code}": Q(hold="", category=code) for code in PAID}
"""The lists of a run (清单), by name: what a figure counts is what its list shows."""
ADDED, DROPPED, CHANGED, OVERPAID = "added", "dropped", "changed", "overpaid"
STANDARD, AID, CATEGORY = "standard", "aid", "category"
GROWN_UP, ENDED, MOVED, HELD, UNKNOWN = "grown_up", "ended", "moved", "held_now", "unknown"


def runs(user: Person, *, on: date) -> QuerySet[Run]:
    """The runs of the places whose payments a person sees (可见核定), the latest first."""
    seen = jurisdiction_of(user, SEES, on=on).where("division_code")
    return Run.objects.filter(seen).select_related("prepared_by", "decided_by", "batch")


def run(user: Person, number: int, *, on: date) -> Run | None:
    """One of them."""
    return runs(user, on=on).filter(pk=number).first()


def lines(run: Run, name: str = ALL) -> QuerySet[RunLine]:
    """One list of a run (明细清单). Raises KeyError for a list there is none of."""
    return _with_child(RunLine.objects.filter(LISTS[name], run=run))


def _with_child(found: QuerySet[RunLine]) -> QuerySet[RunLine]:
    return found.select_related("child", "payee", "basis", "run").order_by("id")


def line(user: Person, number: int, line: int, *, on: date) -> RunLine | None:
    """One line of a run a person sees, of a child whom they see too."""
    seen = visible_to(user, on=on).order_by().values("pk")
    return _with_child(RunLine.objects.filter(run__in=runs(user, on=on), run=number, pk=line, child__in=seen)).first()


def names_seen(user: Person, children: list[int], *, on: date) -> dict[int, Child]:
    """Of these children those whom a person sees (可见儿童), by id."""
    return visible_to(user, on=on).in_bulk(children)


def sees_names(user: Person, run: Run, *, on: date) -> bool:
    """Whether a person sees the children of a run's place at all."""
    return may(user, SEES, code=run.division_code, on=on) and visible_children(user, on=on).exists()


@dataclass(frozen=True)
class Figure:
    """Figure (数字): how many lines and children a list holds, and what they come to in fen."""

    lines: int
    children: int
    fen: int


def _figures(found: QuerySet[RunLine], column: str) -> dict[str, Figure]:
    rows = found.order_by().values_list(column)
    sums = rows.annotate(Count("pk"), Count("child", distinct=True), Sum("amount_fen")).order_by(column)
    return {code: Figure(lines, children, fen) for code, lines, children, fen in sums}


def figure(found: QuerySet[RunLine] | QuerySet[Overpaid]) -> Figure:
    """The figure of a list (清单合计)."""
    counted = found.order_by().aggregate(Count("pk"), Count("child", distinct=True), Sum("amount_fen"))
    return Figure(counted["pk__count"], counted["child__count"], counted["amount_fen__sum"] or 0)


@dataclass(frozen=True)
class Summary:
    """Summary of a run (核定汇总): what it pays, by category; arrears; who waits, by reason; what was overpaid."""

    pays: Figure
    arrears: Figure
    categories: Mapping[str, Figure]
    holds: Mapping[str, Figure]
    overpaid: Figure


def summary_of(run: Run) -> Summary:
    """The figures of a run."""
    return Summary(
        pays=figure(lines(run, PAYS)),
        arrears=figure(lines(run, ARREARS)),
        categories=_figures(lines(run, PAYS), "category"),
        holds=_figures(lines(run, "held"), "hold"),
        overpaid=figure(overpaid(run)),
    )


def overpaid(run: Run) -> QuerySet[Overpaid]:
    """Months that were paid beyond what is due (多发月份), as the run found them; nothing is cut by it."""
    return Overpaid.objects.filter(run=run).select_related("child").order_by("child", "month")


def before(run: Run) -> Run | None:
    """The run of an earlier month that this one is compared with (上次核定): the last approved at its place."""
    if run.purpose == Purpose.ANEW:
        return None
    earlier = Run.objects.filter(
        division_code=run.division_code, purpose=Purpose.REGULAR, state=RunState.APPROVED, month__lt=run.month
    )
    return earlier.order_by("-month", "-id").first()


def _of_month(run: Run) -> QuerySet[RunLine]:
    """What a run pays for its own month."""
    return RunLine.objects.filter(run=run, month=run.month, kind=DueKind.REGULAR, hold="")


def _beside(run: Run, **more: object) -> FilteredRelation:
    """What another run says of the same child for its own month: joined once, at most one line a child."""
    said = {"run": run, "month": run.month} | more
    return FilteredRelation(
        "child__run_lines", condition=Q(**{f"child__run_lines__{name}": value for name, value in said.items()})
    )


def _paid_by(run: Run) -> FilteredRelation:
    return _beside(run, kind=DueKind.REGULAR, hold="")


def added(run: Run, earlier: Run) -> QuerySet[RunLine]:
    """Children who are paid and were not in the run before (新增)."""
    return _with_child(_of_month(run).annotate(was=_paid_by(earlier)).filter(was__isnull=True))


def changed(run: Run, earlier: Run) -> QuerySet[RunLine]:
    """Children who get another amount than before (金额变化), each with `before_fen` and `why`."""
    found = _of_month(run).annotate(was=_paid_by(earlier), before_fen=F("was__amount_fen"))
    differs = Q(was__amount_fen__lt=F("amount_fen")) | Q(was__amount_fen__gt=F("amount_fen"))
    why = Case(
        When(Q(was__category__lt=F("category")) | Q(was__category__gt=F("category")), then=Value(CATEGORY)),
        When(Q(standard__lt=F("before_standard")) | Q(standard__gt=F("before_standard")), then=Value(STANDARD)),
        default=Value(AID),
    )
    standards = {"standard": _standard("basis__lines"), "before_standard": _standard("was__basis__lines")}
    return _with_child(found.filter(differs).annotate(**standards).annotate(why=why))


def _standard(lines: str) -> Func:
    """The standard by which a line was reckoned, out of its basis, in fen."""
    path = """(jsonb_path_query_first(%(expressions)s, '$[*] ? (@.code == "standard").amount_fen'))::int"""
    return Func(F(lines), template=path, output_field=IntegerField())


def dropped(run: Run, earlier: Run) -> QuerySet[RunLine]:
    """Lines of the run before whose child is not paid now (减少), each with `why`."""
    found = _of_month(earlier).annotate(paid=_paid_by(run), held=_beside(run, hold__gt="")).filter(paid__isnull=True)
    found = found.annotate(hold_now=Coalesce("held__hold", Value("")))
    return _with_child(found.annotate(why=_why_dropped(run)))


def _why_dropped(run: Run) -> Case:
    ended = RecognitionEnd.objects.filter(
        child=OuterRef("child"), stage=EndStage.CONFIRMED, from_month__lte=run.month
    ).order_by()
    holding = CategoryHolding.objects.filter(child=OuterRef("child"), until_on__isnull=True, category__in=PAID)
    grown = Month.of(run.month).plus(-12 * 18).first
    return Case(
        When(hold_now=SUSPENDED, then=Value(SUSPENDED)),
        When(child__birth_date__lt=grown, hold_now__in=("", IS_ENDED), then=Value(GROWN_UP)),
        When(Q(hold_now=IS_ENDED) | Exists(ended), then=Value(ENDED)),
        When(~Q(hold_now=""), then=Value(HELD)),
        When(~Q(child__responsible_code__startswith=prefix_of(run.division_code)), then=Value(MOVED)),
        When(~Exists(holding), then=Value(ENDED)),
        default=Value(UNKNOWN),
    )


def by_why(found: QuerySet[Any]) -> dict[str, int]:
    """How many lines there are for each reason (按原因计数)."""
    return dict(found.order_by().values_list("why").annotate(Count("pk")).order_by("why"))


COMPARED = {ADDED: added, DROPPED: dropped, CHANGED: changed}
"""What differs from the run before (与上次相比), by name."""


def last_runs(user: Person, *, on: date) -> QuerySet[Run]:
    """The last approved run of each place (最近一次核定), but attempts made anew."""
    found = runs(user, on=on).filter(state=RunState.APPROVED).exclude(purpose=Purpose.ANEW)
    return found.order_by("division_code", "-month", "-id").distinct("division_code")


def held_late(user: Person, *, on: date) -> QuerySet[Any, Any]:
    """Who waits since the last approved run (暂缓未发), one row a child and reason: `since`, `fen`, a `line`.

    Whose other aid reaches the standard is owed nothing.
    """
    last = last_runs(user, on=on).values("pk")
    found = RunLine.objects.filter(run__in=last).exclude(hold__in=("", TOPPED)).order_by()
    rows = found.values("child", "hold", "division_code")
    return rows.annotate(since=Min("month"), fen=Sum("amount_fen"), line=Max("pk"), of=Max("run")).order_by(
        "since", "child"
    )


def missing(user: Person, *, on: date) -> QuerySet[Any]:
    """Recognitions in force that the run of their first month or a later one passed over (漏发), with `first_month`."""
    seen = jurisdiction_of(user, SEES, on=on).where("child__responsible_code")
    first = Func(F("from_on"), template="(date_trunc('month', %(expressions)s) + interval '1 month')::date")
    held = CategoryHolding.objects.annotate(
        first_month=ExpressionWrapper(first, DateField()), led=Coalesce("child__canonical", "child")
    ).filter(seen, category__in=PAID, until_on__isnull=True, from_on__lt=on, child__closed_on__isnull=True)
    county = Func(F("division_code"), template="rtrim(%(expressions)s, '0')", output_field=CharField())
    approved = Run.objects.filter(state=RunState.APPROVED).exclude(purpose=Purpose.ANEW).order_by()
    due = (
        approved.annotate(prefix=county)
        .filter(month__gte=OuterRef("first_month"))
        .filter(
            Exists(
                Child.objects.filter(pk=OuterRef(OuterRef("child")), responsible_code__startswith=OuterRef("prefix"))
            )
        )
    )
    known = RunLine.objects.filter(child=OuterRef("led"), run__state=RunState.APPROVED).order_by()
    return held.filter(Exists(due), ~Exists(known)).select_related("child__canonical").order_by("first_month", "pk")


def lines_by_number(numbers: Collection[int]) -> list[RunLine]:
    """Lines that attempts or tasks name, whose asker has been asked already (按编号取明细)."""
    return list(RunLine.objects.filter(pk__in=set(numbers)).select_related("child"))


def run_of_batch(user: Person, batch: Batch, *, on: date) -> Run | None:
    """The run that a batch came of (批次对应核定)."""
    return runs(user, on=on).filter(batch=batch).first()

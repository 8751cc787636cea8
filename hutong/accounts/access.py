"""Who looked at children's files in a year: figures for the yearly report, each of which is a query that also lists."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, ExtractMonth, Left
from django.utils import timezone

from hutong.accounts.models import Person, Purpose, TrailEntry
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import LOOKS, jurisdiction_of

CHILD = "child"
FROM_ABOVE = "grant"
"""The purpose of somebody above the county, stated in words when the file was opened."""
NONE = "none"
"""Where no purpose was stated, or somebody had no role."""
OF_ACT = {"open_in_emergency": "emergency", "copy_out": "copy"}
"""The acts that say themselves what the look is for (行为即目的): their reasons stand elsewhere."""

_STATED = Purpose.objects.filter(pk=OuterRef("purpose_id")).values("reason")
DIMENSIONS: Mapping[str, object] = {
    "person": Coalesce("by_id", Value(0)),
    "role": Case(When(role="", then=Value(NONE)), default=F("role")),
    "county": Left("division_code", 6),
    "month": ExtractMonth("at"),
    "purpose": Coalesce(
        Case(*(When(act=act, then=Value(said)) for act, said in OF_ACT.items())),
        Subquery(_STATED[:1]),
        KeyTextTransform("reason", "details"),
        Case(When(details__has_key=FROM_ABOVE, then=Value(FROM_ABOVE))),
        Value(NONE),
        output_field=TextField(),
    ),
    "file": F("subject_key"),
}
"""By what looks are counted (统计维度), and how an entry says it."""


def child_looks(
    user: Person, *, year: int, on: date, chosen: Mapping[str, object] | None = None
) -> QuerySet[TrailEntry]:
    """The looks at children's files (查阅记录) in a year and in the area of an auditor, `chosen` by dimensions."""
    found = _in_year(user, year, on=on).filter(act__in=LOOKS)
    asked = {name: value for name, value in (chosen or {}).items() if value is not None}
    return _with(found, asked).filter(**{f"its_{name}": value for name, value in asked.items()})


def refusals(user: Person, *, year: int, on: date) -> QuerySet[TrailEntry]:
    """What was refused about children's files (被拒查阅) in a year and in the area of an auditor."""
    return _in_year(user, year, on=on).filter(act="refused").select_related("by").order_by("-id")


def _in_year(user: Person, year: int, *, on: date) -> QuerySet[TrailEntry]:
    area = jurisdiction_of(user, Permission.SEE_TRAIL, on=on).where("division_code")
    zone = timezone.get_current_timezone()
    begins, ends = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    return TrailEntry.objects.filter(area, subject_kind=CHILD, at__gte=begins, at__lt=ends)


def _with(found: QuerySet[TrailEntry], names: Iterable[str]) -> QuerySet[TrailEntry]:
    if "purpose" in names:
        purpose = Cast(KeyTextTransform("purpose", "details"), BigIntegerField())
        found = found.annotate(purpose_id=purpose)
    return found.annotate(**{f"its_{name}": DIMENSIONS[name] for name in names})


def with_purpose(found: QuerySet[TrailEntry]) -> QuerySet[TrailEntry]:
    """The looks with `its_purpose`, the latest first, for a list."""
    shown = found if "its_purpose" in found.query.annotations else _with(found, ["purpose"])
    return shown.select_related("by").order_by("-id")


def counted_by(dimension: str, found: QuerySet[TrailEntry]) -> QuerySet[TrailEntry, Any]:
    """The looks counted by a dimension, the most first: rows with `key` and `looks`."""
    name = f"its_{dimension}"
    counted = _with(found, [dimension] if name not in found.query.annotations else []).order_by()
    return counted.values(key=F(name)).annotate(looks=Count("id")).order_by("-looks", "key")


def counted(dimensions: Collection[str], found: QuerySet[TrailEntry]) -> dict[str, list[dict[str, Any]]]:
    """The looks counted by several dimensions (多维统计), each as `counted_by` does, in one walk over the entries."""
    grouped = _with(found, dimensions).order_by().values_list(*(f"its_{name}" for name in dimensions))
    sums: dict[str, Counter[Any]] = {name: Counter() for name in dimensions}
    for *keys, looks in grouped.annotate(looks=Count("id")):
        for name, key in zip(dimensions, keys, strict=True):
            sums[name][key] += looks
    return {name: _most_first(sums[name]) for name in dimensions}


def _most_first(counts: Counter[Any]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"key": key, "looks": looks} for key, looks in ordered]


def files_looked_at(found: QuerySet[TrailEntry]) -> int:
    """How many files the looks are at (被查阅档案数)."""
    return found.order_by().values("subject_key").distinct().count()


def first_year(otherwise: int) -> int:
    """The year of the oldest entry of the trail (最早年份); `otherwise` for an empty one."""
    oldest = TrailEntry.objects.order_by("id").values_list("at", flat=True).first()
    return timezone.localtime(oldest).year if oldest else otherwise


def people_named(ids: Iterable[int | None]) -> dict[int, Person]:
    """People by their ids."""
    return Person.objects.in_bulk([one for one in ids if one])

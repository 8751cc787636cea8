"""Reads of outreach. The first argument is who asks; what is read of a child is read of all its files."""

from datetime import date

from django.db.models import QuerySet

from hutong.accounts.models import Person
from hutong.outreach.models import Statement, Visit
from hutong.registry.dossier import Event
from hutong.registry.models import Child
from hutong.registry.queries import files_of, visible_to


def visits_of(user: Person, child: Child, on: date) -> QuerySet[Visit]:
    """The visits to a child whom somebody sees (走访记录), the latest first; corrected ones too."""
    seen = visible_to(user, on=on).filter(pk__in=[file.pk for file in files_of(child)])
    found = Visit.objects.filter(child__in=seen).select_related("by", "child").order_by("-visited_on", "-id")
    return found.prefetch_related("statements", "corrections")


def visit_of(user: Person, child: Child, number: int, *, on: date) -> Visit | None:
    """One visit to a child whom somebody sees."""
    return visits_of(user, child, on).filter(pk=number).first()


def statement_of(user: Person, child: Child, number: int, *, on: date) -> Statement | None:
    """One statement made at such a visit."""
    found = Statement.objects.filter(visit__in=visits_of(user, child, on).order_by().prefetch_related(None))
    return found.select_related("visit").filter(pk=number).first()


def counting_visits(child: Child) -> QuerySet[Visit]:
    """The visits to a child but those that were corrected (有效走访记录), the latest first, for rooms above."""
    found = Visit.objects.filter(child__in=files_of(child), corrections__isnull=True)
    return found.select_related("child", "by").order_by("-visited_on", "-id")


def last_seen_on(child: Child) -> date | None:
    """The day on which somebody last saw a child (最近见到日期); what was corrected does not count."""
    seen = counting_visits(child).filter(child_seen=True).first()
    return seen.visited_on if seen else None


def timeline(child: Child) -> list[Event]:
    """The visits of a child's timeline; `file` is the joined file in which one stands."""
    return [
        Event(
            visit.visited_on,
            "visit",
            "visit_made",
            {
                "way": visit.way,
                "purpose": visit.purpose,
                "seen": "yes" if visit.child_seen else "",
                "by": visit.by.name,
            },
            "" if visit.child_id == child.pk else visit.child.file_number,
        )
        for visit in counting_visits(child)
    ]

"""Days used in words (办理用时用语): figures with the lists they open into, and the lines of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import permissions_of
from hutong.allowances.durations import Figure, Line, Period
from hutong.allowances.models import Application
from hutong.allowances.queries import applications
from hutong.desk.words import category_title
from hutong.divisions.queries import path_names, short_names
from hutong.law.days_used import Part
from hutong.law.division_code import full

PARTS = {
    Part.RECEIVING: _lazy("Receiving township passes it on"),
    Part.TOWNSHIP: _lazy("Township checks"),
    Part.COUNTY: _lazy("County decides"),
    Part.WHOLE: _lazy("Altogether, from acceptance to decision"),
    Part.TELLING: _lazy("Family is told, or the letter answered"),
}


def period_words(period: Period) -> str:
    """A period as people say it."""
    said = {"year": period.first.year, "month": period.first.month, "quarter": period.first.month // 3 + 1}
    if period.months == 1:
        return _("%(year)s, month %(month)s") % said
    return _("%(year)s, quarter %(quarter)s") % said if period.months == 3 else _("Year %(year)s") % said


@dataclass(frozen=True)
class FigureLine:
    """A figure in words (指标行): `title` leads to a narrower page where there is one, each number to its list."""

    title: str
    href: str
    figure: Figure
    median: str
    share: str
    all_href: str
    in_time_href: str
    late_href: str


def part_lines(found: Sequence[tuple[Part, Figure]], period: Period, place: str) -> list[FigureLine]:
    """The figures by part."""
    return [_figure_line(str(PARTS[part]), "", figure, period, place, part) for part, figure in found]


def place_lines(found: Sequence[tuple[str, Figure]], period: Period, *, most: int) -> list[FigureLine]:
    """The figures by place; what is shorter than `most` digits opens to the places within it."""
    names = short_names(full(prefix) for prefix, _figure in found)
    here = reverse("desk:application_days")
    return [
        _figure_line(
            names[full(prefix)],
            f"{here}?{urlencode({'period': period, 'place': prefix})}" if len(prefix) < most else "",
            figure,
            period,
            prefix,
            Part.WHOLE,
        )
        for prefix, figure in found
    ]


def _figure_line(title: str, href: str, figure: Figure, period: Period, place: str, part: Part) -> FigureLine:
    lists = [_list_href(period, place, part, which) for which in ("", "in_time", "late")]
    return FigureLine(title, href, figure, f"{figure.median:g}", f"{figure.share:.0f}%", *lists)


def _list_href(period: Period, place: str, part: Part, which: str) -> str:
    asked = {"period": str(period), "place": place, "part": str(part), "which": which}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('desk:application_days_list')}?{query}"


@dataclass(frozen=True)
class UsedLine:
    """One application that a figure counts (用时明细行); its child's name only for whoever may open the file."""

    number: str
    name: str
    href: str
    category: str
    place: str
    decided_on: date | None
    used: str
    is_late: bool
    why: str


def used_lines(user: Person, found: Sequence[Line], counted: Mapping[int, Application], *, on: date) -> list[UsedLine]:
    """The applications of a list; names and reasons only of those that are theirs to see."""
    asked = applications(user, on=on).filter(pk__in=[line.application for line in found])
    seen = {one.pk: one for one in asked}
    is_sensitive = Permission.SEE_SENSITIVE in permissions_of(user, on=on)
    places = path_names(line.place for line in found)
    return [
        _used_line(line, counted[line.application], seen.get(line.application), places, is_sensitive=is_sensitive)
        for line in found
    ]


def _used_line(
    line: Line, application: Application, seen: Application | None, places: Mapping[str, str], *, is_sensitive: bool
) -> UsedLine:
    said = {"used": line.used.used, "days": line.used.days}
    return UsedLine(
        application.number,
        seen.file.name if seen else "",
        reverse("desk:application", args=[seen.pk]) if seen else "",
        category_title(application.category),
        places[line.place],
        application.decided_on,
        _("%(used)s of %(days)s working days") % said,
        line.used.is_late,
        _why(seen) if seen and is_sensitive and line.used.is_late else "",
    )


def _why(application: Application) -> str:
    """What was said of being late (超期原因)."""
    reasons = [step.late_reason.open() for step in application.steps.all() if step.late_reason]
    return "；".join(reasons) or _("no reason was written")

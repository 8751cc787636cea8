"""How long recognitions take (办理用时): the decided applications of a period, by part and by place.

Every figure is made of the lines that its list shows (0012). They are for the office's own use, by place and
never by person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hutong.accounts.jurisdiction import Area
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.allowances.cases import course_of
from hutong.allowances.models import Application, ApplicationStep
from hutong.allowances.models.application import DECIDED, Step
from hutong.governance.calendars import calendar_in_force
from hutong.law.days_used import DaysUsed, Part, Used, median, percentile
from hutong.law.division_code import LENGTH_OF
from hutong.law.months import Month
from hutong.law.parameters import shipped

NEEDS = Permission.SEE_FIGURES
PAUSING = (Step.ASK_MORE, Step.BRING_MORE)
"""Steps that the days of the legs at home depend on, beside those whose days an application holds."""
WHOLE_YEAR, QUARTER = 12, 3
COLUMNS = (
    "pk", "division_code", "received_at", "sent_by", "came_on", "state", "accepted_on", "checked_on", "decided_on",
    "reviewed_on", "told_on", "applicant_kind", "is_confidential",
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Period (统计期间) of decisions: a month `2026-11`, a quarter `2026-Q4` or a year `2026`."""

    first: Month
    months: int

    @classmethod
    def read(cls, text: str) -> "Period":
        """The period that a text says. Raises ValueError."""
        year, _dash, part = text.partition("-")
        if part.startswith("Q") and part[1:] in ("1", "2", "3", "4"):
            return cls(Month.read(f"{year}-{int(part[1:]) * QUARTER - 2:02d}"), QUARTER)
        return cls(Month.read(text), 1) if part else cls(Month.read(f"{year}-01"), WHOLE_YEAR)

    @classmethod
    def of(cls, on: date, months: int) -> "Period":
        """The month, quarter or year in which a day lies."""
        return cls(Month(on.year, (on.month - 1) // months * months + 1), months)

    @property
    def before(self) -> "Period":
        """The one before it, of the same length."""
        return Period(self.first.plus(-self.months), self.months)

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last day."""
        return self.first.first, self.first.plus(self.months - 1).last

    def __str__(self) -> str:
        if self.months == QUARTER:
            return f"{self.first.year}-Q{self.first.month // QUARTER + 1}"
        return str(self.first) if self.months == 1 else f"{self.first.year}"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of one application (用时明细): which application, which place was responsible, the days it used."""

    application: int
    place: str
    used: Used


@dataclass(frozen=True)
class Figure:
    """Figure of days used (用时指标): of how many, median and 90th percentile, how many in time and late."""

    count: int
    median: float
    most: int
    in_time: int
    late: int

    @property
    def share(self) -> float:
        """The share in time, in percent."""
        return 100 * self.in_time / self.count


def decided(user: Person, period: Period, *, place: str = "", on: date) -> QuerySet[Application]:
    """The applications decided in a period (期内办结申请), of the places a person sees figures of, or one.

    Confidential ones are counted nowhere: a figure of one would tell of it.
    """
    seen = jurisdiction_of(user, NEEDS, on=on).where("division_code")
    within = Area((place,)).where("division_code") if place else Q()
    days = Q(state__in=DECIDED, decided_on__range=period.days)
    return Application.objects.filter(seen, within, days, is_confidential=False)


def lines(found: QuerySet[Application]) -> list[Line]:
    """The parts of these applications that have ended (用时明细), in two questions."""
    steps = _steps(found)
    counting = DaysUsed(calendar_in_force(), shipped())
    return [
        Line(one.pk, one.division_code, used)
        for one in found.order_by().only(*COLUMNS).iterator()
        for used in counting.of(course_of(one, steps.get(one.pk, [])), home=one.division_code, away=one.received_at)
    ]


def _steps(found: QuerySet[Application]) -> dict[int, list[ApplicationStep]]:
    """The steps that a course is read from: all of those received elsewhere or by letter, the pauses of the others."""
    is_elsewhere = ~Q(application__received_at="", application__sent_by="")
    steps: dict[int, list[ApplicationStep]] = {}
    asked = ApplicationStep.objects.filter(Q(step__in=PAUSING) | is_elsewhere, application__in=found.order_by())
    for step in asked.order_by("application", "number").only("application", "step", "on"):
        steps.setdefault(step.application_id, []).append(step)
    return steps


def by_part(found: Iterable[Line]) -> list[tuple[Part, Figure]]:
    """The figures of each part (按环节统计), in the order of the parts; those that nobody had are left out."""
    grouped: dict[Part, list[Used]] = {part: [] for part in Part}
    for line in found:
        grouped[line.used.part].append(line.used)
    return [(part, figure(rows)) for part, rows in grouped.items() if rows]


def by_place(found: Iterable[Line], length: int) -> list[tuple[str, Figure]]:
    """The figures of the whole by places of a code length (按地方统计), in the order of the codes, of no merit."""
    grouped: dict[str, list[Used]] = {}
    for line in found:
        if line.used.part is Part.WHOLE:
            grouped.setdefault(line.place[:length], []).append(line.used)
    return [(place, figure(rows)) for place, rows in sorted(grouped.items())]


def figure(rows: list[Used]) -> Figure:
    """The figure of some parts (指标). Raises IndexError for none."""
    days, late = [one.used for one in rows], sum(one.is_late for one in rows)
    return Figure(len(rows), median(days), percentile(days, 90), len(rows) - late, late)


def next_length(user: Person, place: str, *, on: date) -> int:
    """The code length of the places below one (下级区划代码长度), or below the widest of a person's figures."""
    prefixes = [place] if place else jurisdiction_of(user, NEEDS, on=on).prefixes
    shortest = min((len(prefix) for prefix in prefixes), default=0)
    return next((length for length in sorted(LENGTH_OF.values()) if length > shortest), max(LENGTH_OF.values()))


def chosen(found: Iterable[Line], part: Part, *, is_late: bool | None = None) -> Iterator[Line]:
    """The lines that a figure counts (指标明细): of one part, late or in time where that is asked."""
    return (one for one in found if one.used.part is part and is_late in (None, one.used.is_late))

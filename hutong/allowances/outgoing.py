"""Reads of outgoing applications (异地转办申请): those of one's own office, what is missing, the clock, the steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may
from hutong.allowances.models import OutgoingApplication, OutgoingRecord
from hutong.allowances.models.outgoing import OUTGOING_STATES, UNDONE, OutgoingState, OutgoingStep
from hutong.governance.calendars import calendar_in_force
from hutong.law.applying import papers_of_everybody
from hutong.law.citation import Citation
from hutong.law.outgoing_clock import Passage, outgoing_clock
from hutong.law.parameters import shipped
from hutong.law.recognition_clock import RecognitionClock

SUBJECT = "outgoing"
"""What tasks and the trail call an outgoing application."""
NEEDS = Permission.ACCEPT_APPLICATIONS


def outgoing(user: Person, *, on: date) -> QuerySet[OutgoingApplication]:
    """The outgoing applications of the places where a person accepts applications."""
    places = jurisdiction_of(user, NEEDS, on=on).where("division_code")
    records = Prefetch("records", OutgoingRecord.objects.order_by("number").select_related("by"))
    return OutgoingApplication.objects.filter(places).select_related("begun_by").prefetch_related(records)


def listed(user: Person, *, is_open: bool, on: date) -> QuerySet[OutgoingApplication]:
    """Open ones by their last day, ended ones the latest first (转办列表)."""
    found = outgoing(user, on=on)
    if is_open:
        return found.filter(state__in=UNDONE).order_by("due_on", "id")
    return found.exclude(state__in=UNDONE).order_by("-id")


def steps_for(user: Person, application: OutgoingApplication, *, on: date) -> tuple[OutgoingStep, ...]:
    """The steps a person may take now (可办环节)."""
    if not may(user, NEEDS, code=application.division_code, on=on):
        return ()
    steps = (OutgoingStep(step) for step in OUTGOING_STATES.steps_from(application.state))
    return tuple(step for step in steps if step != OutgoingStep.ASK or not was_asked(application))


def was_asked(application: OutgoingApplication) -> bool:
    """Whether the family has been told once what is missing (已一次性告知)."""
    return any(record.step == OutgoingStep.ASK for record in application.records.all())


@dataclass(frozen=True)
class PaperList:
    """The papers that the deciding place asks of everybody (户籍地材料清单), and whether it has published its own."""

    papers: tuple[str, ...]
    is_its_own: bool
    citation: Citation


def paper_list(home: str, *, on: date) -> PaperList:
    """The list of papers of a place outside, as far as it is known here; else the one that holds everywhere."""
    found = shipped().parameter("recognition_papers", jurisdiction=home)
    citation = shipped().value("recognition_papers", on=on, jurisdiction=home).citation
    return PaperList(papers_of_everybody(on=on, jurisdiction=home), bool(found.jurisdiction), citation)


def missing_papers(application: OutgoingApplication, *, on: date) -> tuple[str, ...]:
    """The kinds of papers on that list which the family has not brought (缺件)."""
    asked = paper_list(application.home_code, on=on).papers
    return tuple(kind for kind in asked if kind not in application.papers)


def clock_of(application: OutgoingApplication, *, on: date) -> RecognitionClock:
    """The clock of an outgoing application on a day (转办时限), by the calendar in force."""
    passage = Passage(
        complete_on=application.complete_on,
        sent_on=application.sent_on,
        came_on=application.came_on,
        told_on=application.told_on,
    )
    passage = Passage() if application.state == OutgoingState.WITHDRAWN else passage
    place, home = application.division_code, application.home_code
    return outgoing_clock(passage, on=on, place=place, home=home, calendar=calendar_in_force())


def open_ones() -> Sequence[OutgoingApplication]:
    """All that are not ended, locked, for the nightly watch (在办转办申请)."""
    found = OutgoingApplication.objects.select_for_update().filter(state__in=UNDONE).order_by("pk")
    return list(found.prefetch_related("records"))

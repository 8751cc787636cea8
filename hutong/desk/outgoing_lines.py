"""Outgoing applications in words (转办用语): the list, the course, the papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.allowances.models import OutgoingApplication, OutgoingRecord
from hutong.allowances.models.outgoing import OutgoingState, OutgoingStep
from hutong.allowances.outgoing import clock_of
from hutong.desk.application_lines import clock_words, paper_title
from hutong.desk.words import category_title
from hutong.divisions.queries import path_names

TONES = {OutgoingState.TOLD: "fine", OutgoingState.WITHDRAWN: "plain"}
DONE = {
    OutgoingStep.ASK: _lazy("told the family once what is missing"),
    OutgoingStep.BRING: _lazy("brought papers"),
    OutgoingStep.SEND: _lazy("sent it on by letter"),
    OutgoingStep.ANSWER: _lazy("recorded the answer"),
    OutgoingStep.TELL: _lazy("told the family"),
    OutgoingStep.WITHDRAW: _lazy("took it back"),
}


def state_tone(application: OutgoingApplication) -> str:
    """The tone of a state."""
    return TONES.get(OutgoingState(application.state), "info")


@dataclass(frozen=True)
class OutgoingLine:
    """One line of the outgoing applications (转办列表行)."""

    application: OutgoingApplication
    name: str
    home: str
    category: str
    state: str
    state_tone: str
    tone: str
    when: str


def outgoing_lines(applications: Iterable[OutgoingApplication], *, on: date) -> list[OutgoingLine]:
    """Outgoing applications as a list shows them, each with its clock."""
    rows = list(applications)
    homes = path_names(one.home_code for one in rows)
    return [_line(one, homes[one.home_code], on=on) for one in rows]


def _line(application: OutgoingApplication, home: str, *, on: date) -> OutgoingLine:
    tone, when = clock_words(clock_of(application, on=on))
    return OutgoingLine(
        application,
        application.child_name.open(),
        home,
        category_title(application.category),
        str(application.get_state_display()),
        state_tone(application),
        tone,
        when,
    )


@dataclass(frozen=True)
class RecordLine:
    """One record in words (转办记录行)."""

    record: OutgoingRecord
    title: str
    note: str


def record_lines(application: OutgoingApplication) -> list[RecordLine]:
    """What was done (转办记录), the latest first."""
    return [_record_line(record) for record in reversed(application.records.all())]


def _record_line(record: OutgoingRecord) -> RecordLine:
    said = ["、".join(map(paper_title, record.missing))]
    said += [record.words.open()] if record.words else []
    if record.late_reason:
        said.append(_("why it took longer: %(why)s") % {"why": record.late_reason.open()})
    return RecordLine(record, str(DONE[OutgoingStep(record.step)]), "；".join(filter(None, said)))

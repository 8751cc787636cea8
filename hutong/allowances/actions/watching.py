"""The nightly watch over the clocks: last days counted anew, tasks kept, word sent as the last day comes near."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from hutong.accounts.actions.trail import record
from hutong.accounts.models import Notice
from hutong.allowances.actions.stepping import holder_of, keep_due, tell, waiting_at
from hutong.allowances.cases import clock_of
from hutong.allowances.models import Application, ApplicationStep
from hutong.allowances.models.application import OPEN, TOLD
from hutong.allowances.queries import SUBJECT
from hutong.law.recognition_clock import Light, RecognitionClock
from hutong.registry.actions.receiving import keep_received

TELLS = {Light.SOON: "application_soon", Light.OVERDUE: "application_overdue"}
UNTOLD = Q(state__in=TOLD, told_on__isnull=True) & ~Q(received_at="", sent_by="")
"""Decided, and the family has not been told where it applied, or the office that sent it."""
ON_THE_DAY = "application_due_today"


@transaction.atomic
def watch_applications(*, on: date) -> None:
    """Watch the open applications (核对认定时限): a child may have moved, a notice of holidays been loaded since."""
    applications = list(_open())
    before = {one.pk: one.due_on for one in applications}
    for application in applications:
        _follow(application)
        if application.received_at:
            keep_received(application.file, application.received_at, by=application.begun_by, on=on)
    keep_due(applications, on=on)
    for application in applications:
        if application.due_on != before[application.pk]:
            _record_moved(application, before[application.pk], on=on)
    _tell(applications, on=on)


def _open() -> QuerySet[Application]:
    steps = Prefetch("steps", ApplicationStep.objects.order_by("number"))
    found = Application.objects.select_for_update(of=("self",)).filter(Q(state__in=OPEN) | UNTOLD).order_by("pk")
    return found.select_related("child__canonical", "begun_by").prefetch_related(steps)


def _follow(application: Application) -> None:
    """Where the child is now, its application is (随迁)."""
    if application.division_code != application.file.responsible_code:
        application.division_code = application.file.responsible_code
        application.save(update_fields=["division_code"])


def _record_moved(application: Application, before: date | None, *, on: date) -> None:
    record(
        by=None,
        act="move_deadline",
        subject_kind=SUBJECT,
        subject_key=str(application.pk),
        division_code=application.division_code,
        on=on,
        details={"before": f"{before}", "after": f"{application.due_on}"},
    )


def _tell(applications: Sequence[Application], *, on: date) -> None:
    """Word to whoever has it, once for each last day and reason."""
    kinds = [*TELLS.values(), ON_THE_DAY]
    told = set(
        Notice.objects.filter(kind__in=kinds, subject_kind=SUBJECT).values_list("kind", "subject_key", "values__on")
    )
    for application in applications:
        clock = clock_of(application, on=on)
        kind, key = _kind(clock), str(application.pk)
        if kind is None or (kind, key, f"{clock.due_on}") in told:
            continue
        addressed = [(holder_of(application, on=on), waiting_at(application))]
        tell(application, kind, addressed, on=on, values={"on": f"{clock.due_on}"})


def _kind(clock: RecognitionClock) -> str | None:
    if clock.light is Light.SOON and clock.days_left == 0:
        return ON_THE_DAY
    return TELLS.get(clock.light) if clock.light else None

"""Reads of the allowances. The first argument is who asks; nothing is found that is not theirs to see."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may, open_tasks
from hutong.allowances.enquiries import CHECKED_IN
from hutong.allowances.models import Application, ApplicationStep, DataBatch
from hutong.allowances.models.application import OPEN, STATES, State, Step
from hutong.registry.models import Child
from hutong.registry.queries import files_of, may_open_secret, opened_by_name, visible_to

NEEDS = {
    Step.SUBMIT: Permission.APPLY,
    Step.ASK: Permission.ACCEPT_APPLICATIONS,
    Step.BRING: Permission.APPLY,
    Step.ACCEPT: Permission.ACCEPT_APPLICATIONS,
    Step.DOUBT: Permission.CHECK_APPLICATIONS,
    Step.ASK_MORE: Permission.CHECK_APPLICATIONS,
    Step.BRING_MORE: Permission.APPLY,
    Step.CHECK: Permission.CHECK_APPLICATIONS,
    Step.SEND_BACK: Permission.DECIDE_APPLICATIONS,
    Step.CONFIRM: Permission.DECIDE_APPLICATIONS,
    Step.REFUSE: Permission.DECIDE_APPLICATIONS,
    Step.WITHDRAW: Permission.APPLY,
    Step.ASK_REVIEW: Permission.APPLY,
    Step.UPHOLD: Permission.DECIDE_APPLICATIONS,
    Step.OVERTURN: Permission.DECIDE_APPLICATIONS,
    Step.TELL: Permission.ACCEPT_APPLICATIONS,
}
"""What somebody must be allowed for a step (环节权限)."""
BEFORE_THE_FAMILY = (Permission.APPLY, Permission.ACCEPT_APPLICATIONS)
"""What is done where the family applies (受理地环节)."""
SUBJECT = "application"
"""What tasks and notices call an application."""


@dataclass(frozen=True)
class Wanted:
    """Which applications are wanted (查询条件): those that wait for me, open or ended ones, late ones."""

    mine: bool = False
    is_open: bool | None = None
    is_late: bool = False


def applications(user: Person, *, on: date) -> QuerySet[Application]:
    """The applications a person sees: those of the children they see; a confidential one only by name."""
    seen = visible_to(user, on=on).order_by().values("pk")
    known = Q(is_confidential=False) | opened_by_name(user, on=on, path="child__")
    steps = Prefetch("steps", ApplicationStep.objects.order_by("number").select_related("by"))
    return Application.objects.filter(known, child__in=seen).select_related("child__canonical").prefetch_related(steps)


def find(user: Person, wanted: Wanted, *, on: date) -> QuerySet[Application]:
    """Applications by what is wanted (查找申请): open ones by their last day, ended ones the latest first."""
    found = applications(user, on=on)
    if wanted.mine:
        found = found.filter(_mine(user, on=on))
    if wanted.is_open is not None:
        found = found.filter(state__in=OPEN) if wanted.is_open else found.exclude(state__in=OPEN)
    if wanted.is_late:
        found = found.filter(state__in=OPEN, due_on__lt=on)
    return found.order_by("-decided_on", "-id") if wanted.is_open is False else found.order_by("due_on", "id")


def to_decide(user: Person, *, on: date) -> QuerySet[Application]:
    """The applications that wait for a person's decision (待确认申请), by their last day."""
    return find(user, Wanted(mine=True), on=on).filter(state=State.CHECKED)


def _mine(user: Person, *, on: date) -> Q:
    """What a task of theirs asks for, and their own drafts."""
    asked = open_tasks(user, on=on).filter(subject_kind=SUBJECT).values_list("subject_key", flat=True)
    return Q(pk__in=[int(key) for key in asked]) | Q(state=State.DRAFT, begun_by=user)


def steps_for(user: Person, application: Application, *, on: date) -> tuple[Step, ...]:
    """The steps a person may take now (可办环节): possible in its state, and theirs: not after an earlier one."""
    touched = {
        Permission.CHECK_APPLICATIONS: {application.accepted_by_id},
        Permission.DECIDE_APPLICATIONS: {
            application.accepted_by_id,
            application.checked_by_id,
            application.decided_by_id,
        },
    }
    return tuple(
        Step(step)
        for step in STATES.steps_from(application.state)
        if user.pk not in touched.get(NEEDS[Step(step)], ())
        and may(user, NEEDS[Step(step)], code=place_of(application, Step(step)), on=on)
        and (step != Step.TELL or application.is_to_tell)
    )


def is_known_to(user: Person, application: Application, *, on: date) -> bool:
    """Whether a person may know of an application in their place (知悉): of a confidential one only by name."""
    return not application.is_confidential or may_open_secret(user, application.file, on=on)


def place_of(application: Application, step: Step) -> str:
    """Where a step is taken (办理地): before the family where it applied, all else at the place responsible now.

    What is the county's alone is taken at the county.
    """
    if application.is_at_county:
        return application.county_code
    if application.received_at and NEEDS[step] in BEFORE_THE_FAMILY:
        return application.received_at
    return application.file.responsible_code


def application(user: Person, number: int, *, on: date) -> Application | None:
    """One application a person sees."""
    return applications(user, on=on).filter(pk=number).first()


def open_application(user: Person, child: Child, *, on: date) -> Application | None:
    """The application for a child that is not decided yet, where a person may know of it."""
    return applications(user, on=on).filter(child__in=files_of(child), state__in=OPEN).first()


def applications_of(child: Child) -> QuerySet[Application]:
    """The applications for a child (申请记录), of all its files, the latest first; confidential ones, too."""
    return Application.objects.filter(child__in=files_of(child)).order_by("-id")


def to_check(user: Person, *, on: date) -> QuerySet[Application]:
    """The applications that somebody may check with other departments (部门核对申请), where they do so.

    A confidential one is in no batch, for a batch is read by a whole office; its named people look things up by hand.
    """
    places = jurisdiction_of(user, Permission.CHECK_DATA, on=on).where("child__responsible_code")
    found = Application.objects.filter(places, state__in=CHECKED_IN, is_confidential=False).select_related(
        "child__canonical"
    )
    return found.order_by("id")


def data_batches(user: Person, *, on: date) -> QuerySet[DataBatch]:
    """The batches of questions that somebody's office gave out (查询批次), the latest first, with what came back."""
    places = jurisdiction_of(user, Permission.CHECK_DATA, on=on).where("division_code")
    counted = {"asked": Count("checks"), "answered": Count("checks", filter=~Q(checks__verdict=""))}
    return DataBatch.objects.filter(places).select_related("by").annotate(**counted).order_by("-id")

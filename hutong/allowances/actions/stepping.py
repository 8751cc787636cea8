"""What every step of an application shares: the locked row, who may, the clock, the tasks, the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import is_filled
from hutong.allowances.cases import Case, clock_of
from hutong.allowances.models import Application, ApplicationStep
from hutong.allowances.models.application import STATES, WORDS_AT_MOST, State, Step
from hutong.allowances.queries import NEEDS, SUBJECT, is_known_to, place_of
from hutong.kit.states import WrongStep
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.queries import named_for


@dataclass(frozen=True)
class Waiting:
    """Who has an application in a state (待办归属): the kind of task, the roles, and the days where no clock runs.

    The first role that somebody holds at the place is asked; of those who check, not the one who accepted.
    """

    kind: str
    roles: tuple[str, ...]
    days: str = ""


OFFICE = ("township_supervisor", "county_officer")
OF_COUNTY = frozenset({"county_officer", "approver"})
TASKS = {
    State.SUBMITTED: Waiting("accept_application", OFFICE, "accept_application"),
    State.CORRECTION: Waiting("bring_papers", ("village_director", *OFFICE), "bring_papers"),
    State.ACCEPTED: Waiting("check_application", OFFICE),
    State.RECHECK: Waiting("check_application", OFFICE),
    State.SUPPLEMENT: Waiting("bring_papers", ("village_director", *OFFICE), "bring_papers"),
    State.CHECKED: Waiting("decide_application", ("approver",)),
    State.REVIEW: Waiting("review_application", ("approver",), "review_application"),
}


TO_TELL = Waiting("tell_family", OFFICE)
"""Where another township received it: what was decided is told there (告知结果)."""
TO_REPLY = Waiting("reply_by_letter", OFFICE)
"""Where an office of another province sent it: home answers by letter (复函)."""


def waiting_of(application: Application) -> Waiting | None:
    """Who has an application now (待办归属); None where nobody does any more."""
    if application.is_to_tell:
        return TO_REPLY if application.sent_by else TO_TELL
    return TASKS.get(State(application.state))


def roles_of(application: Application, waiting: Waiting) -> tuple[str, ...]:
    """Who is asked (办理岗位), the first that somebody holds; of what is the county's alone only its own people."""
    return tuple(role for role in waiting.roles if role in OF_COUNTY or not application.is_at_county)


def waiting_at(application: Application) -> str:
    """The place that has an application now (待办所在地)."""
    if application.is_at_county:
        return application.county_code
    is_before_the_family = application.state in (State.SUBMITTED, State.CORRECTION, State.SUPPLEMENT)
    is_away = application.received_at and (is_before_the_family or application.is_to_tell)
    return application.received_at if is_away else application.division_code


@dataclass
class Taken:
    """A step that was taken (办理): what is kept of it beside who, when and where."""

    step: Step
    words: str = ""
    late_reason: str = ""
    missing: Sequence[str] = field(default_factory=tuple)


def locked(application: Application, *, by: Person, step: Step, on: date) -> Application:
    """The application as it is now, locked after its child (锁定申请), for `by`, who may take the step and is no kin.

    Its place is the one responsible for the child now; what is done before the family is done where it applied. Raises
    NotAllowed, also for whoever may not know of it, and Refused where the step leads nowhere.
    """
    file = locked_child(application.file, by=by, on=on)
    now: Application = Application.objects.select_for_update().get(pk=application.pk)
    now.division_code = file.responsible_code
    require_known(by, now, on=on)
    require(by, NEEDS[step], code=place_of(now, step), on=on)
    require_step(now, step)
    last = now.steps.last()
    if last and last.on > on:
        said = {"on": date_format(last.on, "DATE_FORMAT")}
        raise Refused(_("Its last step was on %(on)s. A step on an earlier day comes too late.") % said)
    return now


def require_known(by: Person, application: Application, *, on: date) -> None:
    """Raises NotAllowed where an application is confidential and `by` is not named for the child (非知悉人)."""
    if not is_known_to(by, application, on=on):
        raise NotAllowed(Permission.SEE_SECRET)


def require_step(application: Application, step: Step) -> str:
    """The state a step leads to. Raises Refused, saying what the application is now, where it leads nowhere."""
    try:
        return STATES.after(application.state, step)
    except WrongStep:
        said = {"state": application.get_state_display(), "step": Step(step).label}
        raise Refused(
            _("The application is at “%(state)s” now; “%(step)s” is not possible there. Load the page again.") % said
        ) from None


def require_words(words: str, *, wanted: bool = True) -> str:
    """Words as they are kept. Raises Refused where they are wanted and missing, and where they are too many."""
    words = words.strip()
    if wanted and not words:
        raise Refused(_("Say in a few words why."))
    if len(words) > WORDS_AT_MOST:
        raise Refused(_("At most %(most)s characters, please.") % {"most": WORDS_AT_MOST})
    return words


def require_words_against(case: Case, words: str) -> None:
    """Raises Refused where a department contradicts what an application rests on and nothing is said of it."""
    if case.contradictions and not words.strip():
        raise Refused(
            _("What a department answered contradicts the file. Look at it; if you hold to it, say in a few words why.")
        )


def require_another(by: Person, *others: int | None) -> None:
    """Raises Refused where `by` has had a hand in the application (不相容岗位): three people take three steps."""
    if by.pk in others:
        raise Refused(
            _("You have taken an earlier step of this application. Accepting, checking and deciding take three people.")
        )


def is_late(application: Application, *, on: date) -> bool:
    """Whether whoever has the application now is behind the last day (超期)."""
    due = clock_of(application, on=on).due_on
    return due is not None and on > due


def require_late_reason(application: Application, late_reason: str, *, on: date) -> str:
    """The reason for being late (超期原因), nothing in time. Raises Refused where it is late and none is given."""
    if not is_late(application, on=on):
        return ""
    if not late_reason.strip():
        raise Refused(_("The last day has passed. Say in a few words why it took longer."))
    return require_words(late_reason)


def take(application: Application, taken: Taken, *, by: Person, on: date) -> Application:
    """Take a step (办理环节): the caller has locked the application and put into it what the step changes."""
    application.state = require_step(application, taken.step)
    application.revision += 1
    application.save()
    ApplicationStep.objects.create(
        application=application,
        number=application.steps.count() + 1,
        step=taken.step,
        state=application.state,
        on=on,
        by=by,
        division_code=place_of(application, taken.step),
        missing=list(taken.missing),
        words=taken.words or None,
        late_reason=taken.late_reason or None,
    )
    keep_due([application], by=by, on=on)
    record(
        by=by,
        act=f"application_{taken.step}",
        subject_kind="child",
        subject_key=application.file.file_number,
        division_code=application.division_code,
        on=on,
        details={"application": application.pk, "state": application.state},
    )
    return application


def keep_due(applications: Sequence[Application], *, on: date, by: Person | None = None) -> None:
    """Keep last days and tasks as they ought to be (核对时限与待办), of applications whose steps are read already."""
    keys = [str(one.pk) for one in applications]
    kinds = (*TASKS.values(), TO_TELL, TO_REPLY)
    wanted: dict[tuple[str, str], list[Wanted]] = {(one.kind, role): [] for one in kinds for role in one.roles}
    for application in applications:
        due = _due(application, on=on)
        if due != application.due_on:
            application.due_on = due
            application.save(update_fields=["due_on"])
        waiting = waiting_of(application)
        if waiting and due:
            values: dict[str, object] = {"file": application.file.file_number, "besides": besides(application)}
            values |= known_to(application, on=on)
            role = holder_of(application, on=on)
            wanted[waiting.kind, role].append(Wanted(str(application.pk), waiting_at(application), due, values))
    for (kind, role), tasks in wanted.items():
        keep_tasks(
            kind=kind,
            subject_kind=SUBJECT,
            role=role,
            harm=Harm.LOSS,
            wanted=tasks,
            outcome="done",
            by=by,
            among=keys,
        )


def holder_of(application: Application, *, on: date) -> str:
    """The role that has an application now (办理角色); raises KeyError where nobody has it."""
    waiting, first = waiting_of(application), next(iter(besides(application)), None)
    if waiting is None:
        raise KeyError(application.state)
    place, roles = waiting_at(application), roles_of(application, waiting)
    filled = (one for one in roles if is_filled(one, code=place, on=on, besides=first))
    return next(filled, roles[-1])


def known_to(application: Application, *, on: date) -> dict[str, object]:
    """Whom a task of an application is for alone (待办知悉人), by number; nothing where it is everybody's."""
    if not application.is_confidential:
        return {}
    return {"only": [one.pk for one in named_for(application.file, on=on)]}


def tell(
    application: Application,
    kind: str,
    addressed: Sequence[tuple[str, str]],
    *,
    on: date,
    values: Mapping[str, str] | None = None,
) -> None:
    """Word of an application (通知): to roles at places, of a confidential one to the people named alone."""
    to: list[dict[str, Any]] = [{"role": role, "division_code": place} for role, place in addressed]
    if application.is_confidential:
        to = [{"recipient": one} for one in named_for(application.file, on=on)]
    said = {"number": application.number} | dict(values or {})
    for address in to:
        notify(kind=kind, subject_kind=SUBJECT, subject_key=str(application.pk), values=said, **address)


def besides(application: Application) -> list[int]:
    """Who may not take the next step after an earlier one (须回避的经办人), by number, the first hand first."""
    hands = (application.accepted_by_id, application.checked_by_id, application.decided_by_id)
    is_apart = application.state not in (State.SUPPLEMENT, State.CORRECTION) and not application.is_to_tell
    return [hand for hand in hands if hand and is_apart]


def _due(application: Application, *, on: date) -> date | None:
    waiting = waiting_of(application)
    if waiting is None:
        return None
    is_clocked = application.state == State.SUBMITTED and (application.received_at or application.sent_by)
    if waiting.days and not is_clocked:
        last = list(application.steps.all())[-1]
        return due_on(waiting.days, on=last.on, jurisdiction=application.division_code)
    return clock_of(application, on=on).due_on

"""Entering one child by hand, with the same rules as a row of a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, kin_of
from hutong.kit.staging import Problem, Severity, Verdict
from hutong.law.calendar import age_on
from hutong.law.categories import CATEGORIES, age_limit
from hutong.law.changes import LATE
from hutong.registry.actions.altering import whole
from hutong.registry.actions.changes import WrongValues, require_reason, write_change
from hutong.registry.actions.entering import (
    child_columns,
    child_row,
    enter,
    guardian_columns,
    guardian_row,
    holding_row,
    lock_admissions,
    new_ids,
    number_of,
)
from hutong.registry.actions.holding import propose_holding
from hutong.registry.actions.kinship import is_family
from hutong.registry.actions.staging import circumstances
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.judge import Judge, JudgedRow
from hutong.registry.intake.problems import sentence
from hutong.registry.intake.reading import read_row, responsible_code
from hutong.registry.models import CategoryHolding, Change, Child, Guardian
from hutong.registry.models.change import Kind
from hutong.registry.queries import RowsRegister

OF_HOLDINGS = ("category", "category_from", "decision_number")


class AlreadyThere(Refused):
    """There is a file of this child already (已有档案), open or closed; `file_number` names it."""

    def __init__(self, file_number: str, *, is_closed: bool) -> None:
        closed = _("The file of this child was closed. Reopen it; what happened before is all there.")
        super().__init__(closed if is_closed else _("There is a file of this child already."))
        self.file_number = file_number


class MayBeThere(Refused):
    """A child who is likely the same one has a file (疑似同一人); a person decides.

    `file_number` names it where the asker may change it, else it is empty.
    """

    is_question = True

    def __init__(self, file_number: str) -> None:
        super().__init__(sentence(Problem("possible_match")))
        self.file_number = file_number


class ElsewhereThere(Refused):
    """Another place holds the file (他地已有档案): it is asked for, not made again."""

    def __init__(self) -> None:
        super().__init__(sentence(Problem("exists_elsewhere")))


class MayBeElsewhere(Refused):
    """Another place seems to hold the file of a child without a number (他地疑似已有档案); a person decides."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Another place seems to have a file for this child: name, birth date and guardian are the same. If so, "
                "ask for that file; if it is another child, say so at the end of the form."
            )
        )


@dataclass(frozen=True)
class Enrolled:
    """An entered child (增员结果), and whether a paid category waits for a second person."""

    child: Child
    waits: bool


@transaction.atomic
def enrol(
    *,
    by: Person,
    values: Mapping[str, str],
    on: date,
    late_reason: str = "",
    words: str = "",
    is_another: bool = False,
    once: UUID | None = None,
) -> Enrolled:
    """Enrol (增员) one child; over 18 it is a late entry (超龄补录) with a reason.

    `values` are by column code as the workbook has them. `is_another` answers that who is like them is somebody else. A
    paid category is proposed, held once another person has confirmed it. With `once` the same child is entered once,
    however often it is sent. Raises NotAllowed, WrongValues, AlreadyThere, MayBeThere, MayBeElsewhere, ElsewhereThere
    and Refused.
    """
    lock_admissions()
    row = _read(values, on=on)
    require(by, Permission.CHANGE_CHILDREN, code=row.responsible_code, on=on)
    is_late = age_on(date.fromisoformat(row.values["birth_date"]), on) >= age_limit(on)
    if is_late:
        require_reason(late_reason, LATE, words)
    _require_first(row, once)
    child = _judged(by, row, is_another=is_another, on=on)
    kind = Kind.LATE if is_late else Kind.ENTER
    reason = late_reason if is_late else ""
    write_change(by=by, child=child, kind=kind, on=on, reason=reason, words=words, after=whole(child), bulk=once)
    paid = [code for code in row.values.get("category", "").split() if CATEGORIES[code].paid]
    for code in paid[:1]:
        propose_holding(
            by=by,
            child=child,
            category=code,
            from_on=_begun(row, on),
            decision_number=row.values.get("decision_number", ""),
            on=on,
        )
    return Enrolled(child, bool(paid))


def enrol_for(*, by: Person, values: Mapping[str, str], on: date, is_another: bool = False) -> Child:
    """Enter a child for the place that is responsible by what the values say (代为登记), with no category.

    The verb that calls has asked for the right to. Raises as `enrol`, and Refused where the child is no child any more.
    """
    lock_admissions()
    row = _read({code: text for code, text in values.items() if code not in OF_HOLDINGS}, on=on)
    if age_on(date.fromisoformat(row.values["birth_date"]), on) >= age_limit(on):
        raise Refused(_("The child is %(age)s already: too old to apply for.") % {"age": age_limit(on)})
    child = _judged(by, row, is_another=is_another, on=on)
    write_change(by=by, child=child, kind=Kind.ENTER, on=on, after=whole(child))
    return child


def _judged(by: Person, row: JudgedRow, *, is_another: bool, on: date) -> Child:
    """The child of a row, once nobody is found who is the same or like it."""
    _require_no_kin(by, row, on=on)
    _weigh(by, row, is_another=is_another, on=on)
    return _enter(row, on=on)


def _read(values: Mapping[str, str], *, on: date) -> JudgedRow:
    given = circumstances(on=on)
    row = read_row(0, {column: text for column, text in values.items() if column in CHILDREN.by_code}, given)
    errors = [problem for problem in row.problems if problem.severity == Severity.ERROR]
    paid = [code for code in row.categories if CATEGORIES[code].paid]
    if len(paid) > 1:
        errors.append(Problem("paid_categories", "category"))
    if errors:
        raise WrongValues(errors)
    return JudgedRow(0, Verdict.NEW, row.values, [], responsible_code(row, given))


def _require_no_kin(by: Person, row: JudgedRow, *, on: date) -> None:
    if is_family(row.values, kin_of(by, on=on)):
        raise Refused(sentence(Problem("declared_kin")))


def _require_first(row: JudgedRow, once: UUID | None) -> None:
    sent = Change.objects.filter(bulk=once, child__name=row.values["name"]) if once else Change.objects.none()
    for change in sent.filter(child__birth_date=row.values["birth_date"]).select_related("child"):
        raise AlreadyThere(change.child.file_number, is_closed=change.child.closed_on is not None)


def _weigh(by: Person, row: JudgedRow, *, is_another: bool, on: date) -> None:
    covers = jurisdiction_of(by, Permission.CHANGE_CHILDREN, on=on).covers
    judge = Judge(circumstances(on=on), covers=covers, register=RowsRegister())
    judge.compare([row])
    if row.verdict == Verdict.NEW:
        judge.look_for_alike([row])
    if row.elsewhere and "id_number" in row.values:
        raise ElsewhereThere
    if row.elsewhere and not is_another:
        raise MayBeElsewhere
    is_likely = any(problem.code == "possible_match" for problem in row.problems)
    if row.known and not is_likely:
        is_closed = Child.objects.filter(pk=row.known.id, closed_on__isnull=False).exists()
        raise AlreadyThere(row.known.file_number, is_closed=is_closed)
    if row.known and not is_another:
        raise MayBeThere(row.known.file_number if covers(row.known.responsible_code) else "")


def _enter(row: JudgedRow, *, on: date) -> Child:
    (child_id,) = new_ids(1)
    now = timezone.now()
    said, number = child_columns(row.values), number_of(child_id)
    enter(Child, [child_row(child_id, number, said, responsible_code=row.responsible_code, registered_at=now)])
    if "guardian_name" in row.values:
        enter(Guardian, [guardian_row(child_id, guardian_columns(row.values))])
    held = [code for code in row.values.get("category", "").split() if not CATEGORIES[code].paid]
    enter(CategoryHolding, [holding_row(child_id, code, from_on=_begun(row, on)) for code in held])
    return Child.objects.get(pk=child_id)


def _begun(row: JudgedRow, otherwise: date) -> date:
    written = row.values.get("category_from")
    return date.fromisoformat(written) if written else otherwise

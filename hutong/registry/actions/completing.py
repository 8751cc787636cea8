"""Filling in what is missing: never a change of what is there, which is a decision of its own."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.staging import Problem
from hutong.law.identity import judge_id_number
from hutong.registry.actions.changes import locked
from hutong.registry.actions.entering import lock_admissions
from hutong.registry.intake.judge import id_index, id_indexes, phone_index
from hutong.registry.intake.problems import sentence
from hutong.registry.intake.reading import is_phone
from hutong.registry.models import Child
from hutong.registry.queries import guardian_of


@transaction.atomic
def complete_phone(*, by: Person, child: Child, phone: str, on: date) -> None:
    """Fill in the guardian's telephone (补记电话). Raises NotAllowed, and Refused where none is missing."""
    require(by, Permission.COMPLETE, code=child.responsible_code, on=on)
    child = _locked(child, by=by, on=on)
    guardian = guardian_of(child)
    if guardian is None or guardian.phone:
        raise Refused(_("There is no guardian without a telephone number here. Load the page again."))
    if not is_phone(phone):
        raise Refused(sentence(Problem("phone_form")))
    guardian.phone, guardian.phone_index = phone, phone_index(phone)
    guardian.save()
    _completed(child, by=by, field="guardian_phone", task="guardian_phone", on=on)


@transaction.atomic
def complete_id_number(*, by: Person, child: Child, number: str, on: date) -> None:
    """Fill in the child's ID number (补录证件号码), which must agree with birth date and sex and be nobody else's.

    Raises NotAllowed and Refused.
    """
    require(by, Permission.COMPLETE_ID, code=child.responsible_code, on=on)
    child = _locked(child, by=by, on=on)
    if child.id_number:
        raise Refused(_("The child has an ID number. Load the page again."))
    judged = judge_id_number(number, on=on, tests_allowed=not settings.PRODUCTION)
    if judged.fault:
        code = "required" if judged.fault == "empty" else f"id_{judged.fault}"
        raise Refused(sentence(Problem(code, values={"length": str(len(number))})))
    if judged.birth_date != child.birth_date:
        raise Refused(sentence(Problem("birth_date_contradicts_id")))
    if judged.sex != child.sex:
        raise Refused(sentence(Problem("sex_contradicts_id")))
    if Child.objects.filter(id_index__in=id_indexes(judged.normalised)).exists():
        raise Refused(sentence(Problem("number_taken")))
    child.id_number, child.id_index, child.no_id_reason = judged.normalised, id_index(judged.normalised), ""
    _completed(child, by=by, field="id_number", task="get_id", on=on)


def _locked(child: Child, *, by: Person, on: date) -> Child:
    """The child as it is now; nobody enters or completes one at the same moment."""
    lock_admissions()
    return locked(child, by=by, on=on)


def _completed(child: Child, *, by: Person, field: str, task: str, on: date) -> None:
    child.revision += 1
    child.save()
    close_tasks(by=by, subject_kind="child", subject_key=child.file_number, kinds=[task], outcome="completed")
    record(
        by=by,
        act="complete",
        subject_kind="child",
        subject_key=child.file_number,
        division_code=child.responsible_code,
        on=on,
        details={"field": field},
    )

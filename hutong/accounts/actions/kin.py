"""Declaring one's own relatives: nobody acts in the affairs of their own."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.trail import record
from hutong.accounts.models import DeclaredKin, Person
from hutong.kit.cipher import keys
from hutong.kit.names import clean_name, is_name
from hutong.law.identity import Verdict, judge_id_number
from hutong.law.relations import KIN


@transaction.atomic
def declare_kin(*, by: Person, name: str, relation: str, id_number: str = "", on: date) -> DeclaredKin:
    """Declare kin (申报亲属): one relative of one's own from today on. Raises Refused."""
    name = clean_name(name)
    if not is_name(name):
        raise Refused(_("Write the relative's full name, as it stands on the ID card."))
    if relation not in KIN:
        raise Refused(_("Choose the relation."))
    number = _number(id_number, on=on)
    index = keys().blind(number, kind="id_number") if number else None
    _require_new(by, name, relation, number)
    kin: DeclaredKin = DeclaredKin.objects.create(
        person=by, name=name, relation=relation, id_number=number or None, id_index=index, from_on=on
    )
    _record(by, "declare_kin", kin, on=on)
    return kin


def _number(typed: str, *, on: date) -> str:
    if not typed.strip():
        return ""
    judged = judge_id_number(typed, on=on, tests_allowed=not settings.PRODUCTION)
    if judged.verdict == Verdict.INVALID:
        raise Refused(_("This ID number cannot be right. Compare it with the card, or leave it out."))
    return judged.normalised


def _require_new(by: Person, name: str, relation: str, number: str) -> None:
    Person.objects.select_for_update().get(pk=by.pk)
    declared = DeclaredKin.objects.filter(person=by, until_on__isnull=True)
    if declared.filter(name=name, relation=relation).exists():
        raise Refused(_("You have declared this relative already."))
    if number and declared.filter(id_index__in=keys().blinds(number, kind="id_number")).exists():
        raise Refused(_("You have declared somebody with this ID number already."))


@transaction.atomic
def end_kin(*, by: Person, number: int, on: date) -> DeclaredKin:
    """End a declaration (终止申报) of one's own; today is its last day. Raises Refused."""
    kin = DeclaredKin.objects.select_for_update().filter(person=by, pk=number, until_on__isnull=True).first()
    if kin is None:
        raise Refused(_("There is no such declaration of yours."))
    kin.until_on = on
    kin.save(update_fields=["until_on"])
    _record(by, "end_kin", kin, on=on)
    return kin


def _record(by: Person, act: str, kin: DeclaredKin, *, on: date) -> None:
    record(by=by, act=act, subject_kind="declared_kin", subject_key=str(kin.pk), on=on)

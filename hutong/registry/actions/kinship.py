"""Nobody acts in the affairs of their own family, nor in their own (回避)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.accounts.queries import KinOf, kin_of
from hutong.law.form_questions import PARENTS
from hutong.registry.intake.judge import id_index
from hutong.registry.models import Child, Guardian, Parent
from hutong.registry.queries import files_of

KIN_BY_NAME = _(
    "You have declared somebody of a name in this family as kin, without an ID number. Declare the number if it is "
    "another person; else somebody else has to do this."
)
PEOPLE = ("", "guardian_", *(f"{role}_" for role in PARENTS))


def require_no_kin(by: Person, child: Child, *, on: date) -> None:
    """Raises Refused where the child, a guardian or a parent is declared kin (申报亲属) of the one who acts, or they
    themselves. Kin declared without a number are told by their name."""
    kin = kin_of(by, on=on)
    files = [file.pk for file in files_of(child)] if kin.numbers or kin.names else []
    if _families(files, id_index__in=kin.numbers):
        raise Refused(_("You have declared kin in this family. Somebody else has to do this."))
    if _families(files, name__in=kin.names):
        raise Refused(KIN_BY_NAME)


def families_of(kin: KinOf, among: Collection[int]) -> set[int]:
    """Of these children those in whose families kin are (亲属所在家庭), by id."""
    return _families(among, id_index__in=kin.numbers) | _families(among, name__in=kin.names)


def _families(among: Collection[int], **said: Collection[Any]) -> set[int]:
    if not (among and all(said.values())):
        return set()
    around = [model.objects.filter(child__in=among, **said).order_by() for model in (Guardian, Parent)]
    own = Child.objects.filter(pk__in=among, **said).order_by().values_list("pk", flat=True)
    return set(own.union(*(people.values_list("child", flat=True) for people in around)))


def is_family(values: Mapping[str, str], kin: KinOf) -> bool:
    """Whether a row of a workbook tells of kin (行内亲属)."""
    names = {values[f"{whose}name"] for whose in PEOPLE if values.get(f"{whose}name")}
    numbers = {id_index(values[f"{whose}id_number"]) for whose in PEOPLE if values.get(f"{whose}id_number")}
    return bool(kin.names & names or kin.numbers & numbers)

"""Who lives together: a household is founded or joined, members come and go."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.names import clean_name, is_name
from hutong.kit.staging import Problem
from hutong.law.changes import ALTERING
from hutong.law.relations import RELATIONS
from hutong.registry.actions.changes import WrongValues, locked, require_open, require_reason, write_change
from hutong.registry.models import Change, Child, Household, HouseholdMember
from hutong.registry.models.change import Kind
from hutong.registry.models.household import Kind as HouseholdKind
from hutong.registry.queries import visible_to


@transaction.atomic
def found_household(
    *, by: Person, child: Child, kind: str, revision: int, reason: str, on: date, words: str = ""
) -> Change:
    """Found a household (建立家庭户) around a child who has none. Raises NotAllowed, Overtaken, Refused."""
    child = _begin(by, child, revision=revision, reason=reason, words=words, on=on)
    if kind not in HouseholdKind.values:
        raise WrongValues([Problem("required", "kind")])
    household = Household.objects.create(division_code=child.living_code, kind=kind)
    _belong(household, child, on=on)
    return _write(by, child, {"household": str(household.pk)}, reason=reason, words=words, on=on)


@transaction.atomic
def join_household(
    *, by: Person, child: Child, sibling: Child, revision: int, reason: str, on: date, words: str = ""
) -> Change:
    """Join (并入家庭户) the household of a brother or sister whom the person may see."""
    child = _begin(by, child, revision=revision, reason=reason, words=words, on=on)
    if not visible_to(by, on=on).filter(pk=sibling.pk).exists():
        raise Refused(_("There is no child with this file number in your area. Check the number."))
    theirs = HouseholdMember.objects.filter(child=sibling, until_on__isnull=True).first()
    if theirs is None:
        raise Refused(_("That child has no household yet."))
    _belong(theirs.household, child, on=on)
    return _write(by, child, {"household": str(theirs.household_id)}, reason=reason, words=words, on=on)


@transaction.atomic
def add_member(
    *,
    by: Person,
    child: Child,
    name: str,
    relation: str,
    revision: int,
    reason: str,
    on: date,
    from_on: date | None = None,
    words: str = "",
) -> Change:
    """Add a member (增加家庭成员) by name to the household of a child."""
    child = _begin(by, child, revision=revision, reason=reason, words=words, on=on, has_household=True)
    name = clean_name(name)
    if not is_name(name):
        raise WrongValues([Problem("name_form", "name")])
    if relation not in RELATIONS:
        raise WrongValues([Problem("required", "relation")])
    if from_on and from_on > on:
        raise WrongValues([Problem("date_in_future", "from_on")])
    household = _household_of(child)
    member = HouseholdMember.objects.create(household=household, name=name, relation=relation, from_on=from_on)
    return _write(by, child, {"member": member.name}, reason=reason, words=words, on=on)


@transaction.atomic
def end_member(
    *,
    by: Person,
    child: Child,
    member: HouseholdMember,
    until_on: date,
    revision: int,
    reason: str,
    on: date,
    words: str = "",
) -> Change:
    """End a membership (成员离开) in the household of a child after its last day."""
    child = _begin(by, child, revision=revision, reason=reason, words=words, on=on, has_household=True)
    member = HouseholdMember.objects.get(pk=member.pk)
    if member.child_id not in (None, child.pk) or member.until_on or member.household != _household_of(child):
        raise Refused(_("This has ended already. Load the page again."))
    if member.from_on and until_on < member.from_on:
        raise WrongValues([Problem("ends_before", "until_on")])
    member.until_on = until_on
    member.save()
    before = {"member": member.name} if member.name else {"household": str(member.household_id)}
    return write_change(by=by, child=child, kind=Kind.ALTER, on=on, reason=reason, words=words, before=before)


def _household_of(child: Child) -> Household:
    """The household a child belongs to now."""
    household: Household = HouseholdMember.objects.get(child=child, until_on__isnull=True).household
    return household


def _belong(household: Household, child: Child, *, on: date) -> None:
    try:
        with transaction.atomic():
            HouseholdMember.objects.create(household=household, child=child, from_on=on)
    except IntegrityError as error:
        raise Refused(_("The child belonged to a household until today. It can join one from tomorrow.")) from error


def _begin(
    by: Person, child: Child, *, revision: int, reason: str, words: str, on: date, has_household: bool = False
) -> Child:
    require(by, Permission.CHANGE_CHILDREN, code=child.responsible_code, on=on)
    require_reason(reason, ALTERING, words)
    child = locked(child, by=by, on=on, revision=revision)
    require_open(child)
    if HouseholdMember.objects.filter(child=child, until_on__isnull=True).exists() != has_household:
        raise Refused(_("The household has changed meanwhile. Load the page again."))
    return child


def _write(by: Person, child: Child, after: dict[str, str], *, reason: str, words: str, on: date) -> Change:
    return write_change(by=by, child=child, kind=Kind.ALTER, on=on, reason=reason, words=words, after=after)

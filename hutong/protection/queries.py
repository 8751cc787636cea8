"""Reads of protection. The first argument is who asks; what is read of a child is read of all its files."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from hutong.accounts.models import Person
from hutong.network.models import Organisation
from hutong.protection.models import GuardianshipAgreement, Placement
from hutong.registry.dossier import Event
from hutong.registry.models import Child
from hutong.registry.queries import files_of, visible_to


def placements_of(user: Person, child: Child, on: date) -> QuerySet[Placement]:
    """Where a child whom somebody sees is and was raised (安置记录), the latest first."""
    found = Placement.objects.filter(child__in=_seen_files(user, child, on)).order_by("-from_on", "-id")
    return found.select_related("child", "organisation")


def placement_of(user: Person, child: Child, number: int, *, on: date) -> Placement | None:
    """One placement of a child whom somebody sees."""
    return placements_of(user, child, on).filter(pk=number).first()


def placements_ever(child: Child) -> QuerySet[Placement]:
    """Where a child is and was raised (全部安置), for rooms above that have asked already who may know."""
    return Placement.objects.filter(child__in=files_of(child)).select_related("organisation").order_by("from_on", "id")


def placements_on(child: Child, on: date) -> list[Placement]:
    """Where a child is raised on a day (当日安置): one, or by several of its files more."""
    begun = placements_ever(child).filter(from_on__lte=on)
    return [one for one in begun if one.until_on is None or one.until_on >= on]


def placed_in(user: Person, organisation: Organisation, on: date) -> int:
    """How many of the children somebody sees are raised in an organisation on a day (在院儿童数)."""
    placed = Placement.objects.holding_on(on).filter(organisation=organisation)
    return visible_to(user, on=on).filter(pk__in=placed.values("child")).count()


def agreements_of(user: Person, child: Child, on: date) -> QuerySet[GuardianshipAgreement]:
    """What was signed about the care of a child whom somebody sees (监护协议), the latest first."""
    found = GuardianshipAgreement.objects.filter(child__in=_seen_files(user, child, on)).order_by("-from_on", "-id")
    return found.select_related("child", "guardian", "paper")


def agreement_of(user: Person, child: Child, number: int, *, on: date) -> GuardianshipAgreement | None:
    """One agreement about a child whom somebody sees."""
    return agreements_of(user, child, on).filter(pk=number).first()


def _seen_files(user: Person, child: Child, on: date) -> QuerySet[Child]:
    return visible_to(user, on=on).filter(pk__in=[file.pk for file in files_of(child)])


def timeline(child: Child, *, with_places: bool) -> list[Event]:
    """Placements and agreements of a child's timeline; the organisation only `with_places`."""
    placements = Placement.objects.filter(child__in=files_of(child)).select_related("child", "organisation")
    agreements = GuardianshipAgreement.objects.filter(child__in=files_of(child)).select_related("child", "guardian")
    return [*_placed(child, placements, with_places=with_places), *_agreed(child, agreements)]


def _placed(child: Child, placements: Iterable[Placement], *, with_places: bool) -> Iterator[Event]:
    for one in placements:
        name = one.organisation.name if one.organisation and with_places else ""
        values = {"placement": one.kind, "organisation": name, "reason": one.ended_reason}
        yield from _span(child, one, "placement", values)


def _agreed(child: Child, agreements: Iterable[GuardianshipAgreement]) -> Iterator[Event]:
    for one in agreements:
        yield from _span(child, one, "agreement", {"agreement": one.kind, "name": one.guardian.name})


def _span(child: Child, row: Placement | GuardianshipAgreement, noun: str, values: dict[str, str]) -> Iterator[Event]:
    file = "" if row.child_id == child.pk else row.child.file_number
    yield Event(row.from_on, "change", f"{noun}_from", values, file)
    if row.until_on:
        yield Event(row.until_on, "change", f"{noun}_until", values, file)

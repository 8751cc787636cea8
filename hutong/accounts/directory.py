"""The directory (人员名册) of people and their postings, as an administrator of people sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from hutong.accounts.models import Person, Posting, Task
from hutong.accounts.queries import administered_by, placed_within

SOON = timedelta(days=30)


class State(models.TextChoices):
    """State of a person (在岗状态) on a day, from account and postings."""

    IN_POST = "in_post", _("In post")
    ENDS_SOON = "ends_soon", _("Ends soon")
    TO_COME = "to_come", _("Not begun")
    NO_POST = "no_post", _("Without a post")
    CLOSED = "closed", _("Closed")


@dataclass(frozen=True)
class PeopleFilters:
    """What is asked of the directory (人员筛选); `place` is a prefix."""

    text: str = ""
    role: str = ""
    place: str = ""
    state: str = ""


@dataclass(frozen=True)
class Listed:
    """A person as listed (名册行): the state, and the postings that hold."""

    person: Person
    state: State
    held: list[Posting]


def listed(found: Iterable[Person]) -> list[Listed]:
    """The rows of `people` with what was read along with them."""
    return [Listed(person, State(vars(person)["state"]), vars(person)["held"]) for person in found]


def people(user: Person, filters: PeopleFilters, *, on: date) -> QuerySet[Person]:
    """The people a user administers, narrowed, each with `state` and the postings that hold, `held`."""
    found = administered_by(user, on=on).annotate(state=_state(on))
    if filters.text:
        said = Q(name__icontains=filters.text) | Q(username__icontains=filters.text)
        found = found.filter(said | Q(organisation__icontains=filters.text))
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.role or filters.place:
        found = found.filter(Exists(_posted(filters, on)))
    held = Posting.objects.holding_on(on).order_by("from_on", "id")
    return found.order_by("username").prefetch_related(Prefetch("postings", held, to_attr="held"))


def _posted(filters: PeopleFilters, on: date) -> QuerySet[Posting]:
    """The postings, held or to come, that a filter asks for; correlated to the person."""
    posted = placed_within([filters.place]).filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
    return posted.filter(person=OuterRef("pk"), **({"role": filters.role} if filters.role else {}))


def _state(on: date) -> Case:
    theirs = Posting.objects.filter(person=OuterRef("pk"))
    holding = Posting.objects.holding_on(on).filter(person=OuterRef("pk"))
    lasting = holding.filter(Q(until_on__isnull=True) | Q(until_on__gt=on + SOON))
    return Case(
        When(is_active=False, then=Value(State.CLOSED)),
        When(Exists(lasting), then=Value(State.IN_POST)),
        When(Exists(holding), then=Value(State.ENDS_SOON)),
        When(Exists(theirs.filter(from_on__gt=on)), then=Value(State.TO_COME)),
        default=Value(State.NO_POST),
        output_field=models.CharField(),
    )


def posting_of(user: Person, number: int, *, on: date) -> Posting | None:
    """One posting of somebody a user administers."""
    theirs = Posting.objects.filter(pk=number, person__in=administered_by(user, on=on))
    return theirs.select_related("person").first()


@dataclass(frozen=True)
class Postings:
    """The postings of one person by time (任职经历)."""

    to_come: list[Posting]
    held: list[Posting]
    past: list[Posting]


def postings_of(person: Person, *, on: date) -> Postings:
    """All postings of a person: to come, held, and past with the latest first."""
    found = list(Posting.objects.filter(person=person).order_by("-from_on", "-id"))
    past = [posting for posting in found if posting.until_on and posting.until_on < on]
    to_come = [posting for posting in found if posting.from_on > on]
    return Postings(to_come, [posting for posting in found if posting not in past and posting not in to_come], past)


def tasks_held_by(person: Person) -> int:
    """How many open tasks a person holds."""
    return Task.objects.filter(holder=person, closed_at__isnull=True).count()


def held_tasks(person: Person) -> list[Task]:
    """The open tasks that a person holds (持有待办), the first due first."""
    return list(Task.objects.filter(holder=person, closed_at__isnull=True).order_by("due_on", "id"))


def people_to_choose(user: Person, *, besides: Person, on: date) -> QuerySet[Person]:
    """Everybody in post whom a user administers (可选人员), but for one, by name."""
    in_post = Exists(Posting.objects.holding_on(on).filter(person=OuterRef("pk")))
    return administered_by(user, on=on).filter(in_post, is_active=True).exclude(pk=besides.pk).order_by("name", "pk")

"""Building (建造) the demonstration: one transaction, so that it stands whole or not at all."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person, Task
from hutong.demo import DEMONSTRATION_DAY, batches, staff
from hutong.demo.applications import Applications
from hutong.demo.children import Children, InventedChild
from hutong.demo.data_checks import check_applications
from hutong.demo.duplicates import Duplicates, Pairs, how_many, look_alikes
from hutong.demo.endings import GROWN_UP_PART, PART, REOPENED, TWO_YEARS, Endings, Return, grown_up
from hutong.demo.happenings import Happenings, revisions, tasks_to_confirm, write_happenings
from hutong.demo.kinds import quotas
from hutong.demo.kinfolk import Kinfolk, agree, families
from hutong.demo.leads import Leads
from hutong.demo.lives import Lives
from hutong.demo.lookings import write_looks
from hutong.demo.moves import Moves, handed_over, write_moves
from hutong.demo.national import National
from hutong.demo.organisations import write_organisations
from hutong.demo.outgoing import Crossings
from hutong.demo.paths import Paths
from hutong.demo.payees import Payees
from hutong.demo.payments import Payments
from hutong.demo.people import Invention
from hutong.demo.placements import Placements
from hutong.demo.places import SHARES, Places
from hutong.demo.plights import Misfortune
from hutong.demo.reviews import Reviews
from hutong.demo.sealing import choose_secrets, name_readers
from hutong.demo.standards import write_standards
from hutong.demo.tasks import tasks_about
from hutong.demo.visits import Visits
from hutong.demo.writing import (
    Filed,
    People,
    Secrets,
    close_files,
    write_children,
    write_guardians,
    write_holdings,
    write_revisions,
)
from hutong.divisions.actions.load import load_shipped
from hutong.divisions.queries import valid_on
from hutong.law.identity import file_number
from hutong.network.models import Organisation
from hutong.registry.actions.entering import lock_admissions
from hutong.registry.models import Child, ImportBatch
from hutong.treasury.models import Attempt
from hutong.treasury.models.batch import AttemptState

PROVINCE = "64"
STEP = 500
"""Children between two reports of progress."""

Report = Callable[[str, int, int], None]
"""Told what is being done, how much of it, and of how much."""


class AlreadyThere(Exception):
    """The register is not empty: somebody's children or a demonstration are in it (登记库非空)."""


@dataclass(frozen=True)
class Built:
    """What stands (建成情况), counted from the rows."""

    children: int
    villages: int
    payments: int
    seconds: float


def demonstration_day() -> date:
    """The day the demonstration is built for (演示日)."""
    return settings.TODAY or DEMONSTRATION_DAY


def standing(seconds: float = 0.0) -> Built:
    """What the register holds now (现状)."""
    villages = Child.objects.values("living_code").distinct().count()
    paid = Attempt.objects.filter(state=AttemptState.PAID).count()
    return Built(Child.objects.count(), villages, paid, round(seconds, 1))


def is_empty() -> bool:
    """Whether nobody has used the register yet (是否为空)."""
    used = Child.objects.exists() or ImportBatch.objects.exists()
    return not used and not Person.objects.filter(is_demonstration=True).exists()


def build(*, children: int, seed: int, on: date, report: Report = lambda doing, done, total: None) -> Built:
    """Build the demonstration (建造演示省), the same for the same number, seed and day. Raises AlreadyThere."""
    began = time.monotonic()
    with transaction.atomic():
        lock_admissions()
        if not is_empty():
            raise AlreadyThere
        load_shipped(PROVINCE)
        _Builder(seed, on, report).build(children)
    return standing(time.monotonic() - began)


class _Builder:
    """The steps of building, in order. `_invention` makes the children up, `_beside` all that is about them."""

    def __init__(self, seed: int, on: date, report: Report) -> None:
        self._seed, self._on, self._report = seed, on, report
        self._invention = Invention(Random(seed))
        self._places = Places(valid_on(on), self._invention.random)
        self._children = Children(self._invention, self._places, on=on, province=PROVINCE)
        self._beside = self._invention.beside(Random(f"{seed} beside"))
        self._returns: list[Return] = []
        self._duplicates = Duplicates(self._invention.beside(Random(f"{seed} twice")), on=on)

    def build(self, count: int) -> None:
        admitted = min(batches.ADMITTED, count // 10)
        filed = self._file(self._invent(count - admitted))
        secrets = choose_secrets(filed, self._beside.random)
        self._write(filed, secrets)
        opened = [one for one in filed if one[2].closed_on is None]
        people = self._appoint(opened)
        name_readers(opened, secrets, people, on=self._on)
        organisations = write_organisations(self._places, people, Random(f"{self._seed} organisations"), on=self._on)
        self._open_tasks(opened)
        write_looks(filed, people, Random(f"{self._seed} looks"), on=self._on)
        self._record(filed, people)
        self._happen(filed, people)
        self._place(filed, organisations, people)
        self._visit(filed)
        self._find_pairs(filed, people)
        applications = Applications(people, on=self._on)
        applications.apply(opened)
        Crossings(people, applications).write()
        Paths(people, on=self._on).write(opened)
        check_applications(people, on=self._on)
        Leads(people, on=self._on).give(opened)
        National(people, on=self._on).enter()
        Reviews(people, Random(f"{self._seed} reviews"), on=self._on).write()
        write_standards(people, on=self._on)
        self._report(_("Paying the months"), 0, 1)
        Payments(people, on=self._on).pay()
        self._report(_("Paying the months"), 1, 1)
        self._send_batches([child for _id, _number, child in opened], people, admitted)

    def _invent(self, count: int) -> list[InventedChild]:
        """The children by the moment they were registered; the files of some of them have been closed."""
        grown = count // GROWN_UP_PART
        found: list[InventedChild] = []
        for kind, wanted in quotas(count - grown).items():
            for child in self._children.of_kind(kind, wanted):
                found.append(child)
                if len(found) % STEP == 0 or len(found) == count - grown:
                    self._report(_("Inventing children"), len(found), count - grown)
        found += self._end(found, grown, count // PART - grown)
        found = self._enter_again(found, how_many(count))
        return sorted(found, key=lambda child: child.registered_at)

    def _enter_again(self, found: list[InventedChild], twice: int) -> list[InventedChild]:
        """Second files of some children, in the place of as many left-behind ones: the province keeps its size."""
        copies = self._duplicates.enter_again(found, twice)
        needed = {id(child) for child, _copy in self._duplicates.copies} | {id(one.child) for one in self._returns}
        crowd = [child for child in found if child.family.kind == "left_behind" and id(child) not in needed]
        gone = {id(child) for child in [one for one in crowd if one.closed_on is None][: len(copies)]}
        return [child for child in found if id(child) not in gone] + copies

    def _end(self, found: list[InventedChild], grown: int, others: int) -> list[InventedChild]:
        """Closes some files; those who grew up meanwhile come on top."""
        endings = Endings(self._beside, on=self._on)
        former = Children(self._beside, self._places, on=self._on - TWO_YEARS, province=PROVINCE)
        adults = grown_up(former, grown, on=self._on)
        agree([*found, *adults])
        endings.close_grown_up(adults)
        endings.close_some(found, others)
        self._returns = endings.reopen_some(found, REOPENED)
        return adults

    def _file(self, children: list[InventedChild]) -> list[Filed]:
        """File numbers from 1 on; the table's own sequence moves past them."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(nextval('registry_child_id_seq')) FROM generate_series(1, %s)",
                [len(children)],
            )
        return [(serial, file_number(PROVINCE, serial), child) for serial, child in enumerate(children, 1)]

    def _write(self, filed: list[Filed], secrets: Secrets) -> None:
        write_children(filed, lambda done: self._written(done, len(filed)))
        close_files(filed)
        write_guardians(filed)
        write_holdings(filed, secrets)
        self._write_people(filed, secrets)

    def _write_people(self, filed: list[Filed], secrets: Secrets) -> None:
        misfortune = Misfortune(self._beside.random, on=self._on)
        kinfolk, payees = Kinfolk(self._beside, misfortune, on=self._on), Payees(self._beside.random, on=self._on)
        kins = families(child for _id, _number, child in filed)
        for kin in kins:
            kinfolk.complete(kin)
            payees.pay(kin)
        lives = Lives(self._beside, misfortune, self._places, on=self._on)
        people = People(filed, kins, lives, secrets)
        self._report(_("Writing families"), 0, len(kins))
        people.write_parents()
        people.write_households()
        people.write_lives()
        people.write_payees(payees)
        self._report(_("Writing families"), len(kins), len(kins))

    def _written(self, done: int, total: int) -> None:
        if done % STEP == 0 or done == total:
            self._report(_("Writing children"), done, total)

    def _appoint(self, filed: list[Filed]) -> dict[str, Person]:
        crowds = Counter(child.responsible_code for _id, _number, child in filed)
        posts = staff.posts(self._places, crowds)
        self._report(_("Appointing people"), 0, len(posts))
        people = staff.appoint(posts, self._invention, on=self._on)
        known = [(number, child.responsible_code, child.categories) for _id, number, child in filed]
        staff.grant(posts, people, known, on=self._on)
        staff.declare(people, on=self._on)
        staff.tell(people, on=self._on)
        self._report(_("Appointing people"), len(posts), len(posts))
        return people

    def _open_tasks(self, filed: list[Filed]) -> None:
        random = self._invention.random
        tasks = [task for _id, number, child in filed for task in tasks_about(number, child, random, on=self._on)]
        Task.objects.bulk_create(tasks, batch_size=1000)

    def _record(self, filed: list[Filed], people: dict[str, Person]) -> None:
        """One entry of the trail for each child, by its county's officer."""
        counties: dict[str, list[tuple[str, str]]] = {county: [] for county in SHARES}
        for _id, number, child in filed:
            counties.get(child.responsible_code[:6], []).append((number, child.responsible_code))
        for county, subjects in counties.items():
            officer = people[staff.username("county_officer", county)]
            record_many(by=officer, act="register_child", subject_kind="child", subjects=subjects, on=self._on)

    def _happen(self, filed: list[Filed], people: dict[str, Person]) -> None:
        """What officers did with files, and what waits for an answer."""
        happenings = Happenings(self._beside.random, filed, on=self._on)
        found = list(happenings.all(self._returns))
        moves = list(Moves(self._beside.random, happenings, self._places, on=self._on).all())
        found += handed_over(moves)
        write_happenings(found, people, on=self._on)
        write_revisions(revisions(found).items())
        tasks = [*tasks_to_confirm(found), *write_moves(moves, people, on=self._on)]
        Task.objects.bulk_create(tasks)

    def _place(self, filed: list[Filed], organisations: list[Organisation], people: dict[str, Person]) -> None:
        """Where children are raised by decision, and what guardians signed."""
        beside = self._invention.beside(Random(f"{self._seed} placements"))
        Placements(beside, organisations, people, on=self._on).write(filed)

    def _visit(self, filed: list[Filed]) -> None:
        """Whom village child directors have visited."""
        self._report(_("Writing visits"), 0, 1)
        Visits(self._invention.beside(Random(f"{self._seed} visits")), on=self._on).write(filed)
        self._report(_("Writing visits"), 1, 1)

    def _find_pairs(self, filed: list[Filed], people: dict[str, Person]) -> None:
        """Children with two files, and those who only look like it; most have been answered."""
        random = Random(f"{self._seed} pairs")
        copied = {id(copy) for _child, copy in self._duplicates.copies}
        alike = look_alikes([child for _id, _number, child in filed if id(child) not in copied], random)
        Pairs(filed, people, random, on=self._on).find(self._duplicates.copies, alike)

    def _send_batches(self, registered: list[InventedChild], people: dict[str, Person], admitted: int) -> None:
        sender = batches.Sender(self._children, self._places, people, self._invention, self._on)
        self._report(_("Sending in workbooks"), 0, 2)
        batches.stage(sender, registered)
        self._report(_("Sending in workbooks"), 1, 2)
        batches.admit_one(sender, admitted)
        self._report(_("Sending in workbooks"), 2, 2)

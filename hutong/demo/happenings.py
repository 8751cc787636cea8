"""Happenings (变动): what officers did with files of late, as they would have left it behind."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person, Task
from hutong.accounts.models.task import Harm
from hutong.demo.children import FEATURED_COUNTIES
from hutong.demo.endings import Return
from hutong.demo.kinds import PAID
from hutong.demo.places import FEATURED_TOWNSHIP
from hutong.demo.staff import username
from hutong.demo.writing import Filed, seal
from hutong.law.task_days import due_on
from hutong.registry.actions.entering import Row, enter
from hutong.registry.models import Change
from hutong.registry.models.change import Kind, Stage

OF_LATE = timedelta(days=120)
ENTERED, ALTERED, IN_BULK = 24, 24, 8
BEYOND_THE_PROVINCE = "610825103205"
CITY = "6401"
PROPOSERS = ("640121", "640122")
ALTERATIONS = (
    ("living_address", "happened", "全家搬到本村新居"),
    ("living_address", "corrected", "入户走访时核对门牌"),
    ("ethnic_group", "checked", "与户口簿核对"),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to one file (变动): who did it, who confirmed it, what stood before and after."""

    filed: Filed
    kind: Kind
    on: date
    by: str
    reason: str = ""
    words: str = ""
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    decided_by: str = ""
    stage: Stage = Stage.DONE
    bulk: UUID | None = None
    division_code: str = ""

    @property
    def place(self) -> str:
        """The place that was responsible when it happened."""
        return self.division_code or self.filed[2].responsible_code


class Happenings:
    """Whoever makes up what happened (虚构变动), of the day `on`."""

    def __init__(self, random: Random, filed: Sequence[Filed], *, on: date) -> None:
        self._random, self._filed, self._on = random, filed, on
        self._near = [one for one in filed if one[2].responsible_code.startswith(CITY)]
        self._taken: set[int] = set()

    def all(self, returns: Iterable[Return]) -> Iterator[Happening]:
        """Entered, altered, closed and opened again; and what waits for a second person."""
        back = {id(one.child): one for one in returns}
        for filed in self._filed:
            child = filed[2]
            if child.closed_on:
                yield self._closed(filed, child.closed_on, child.closed_reason)
            elif id(child) in back:
                yield from self._returned(filed, back[id(child)])
        yield from self._entered()
        yield from self._altered()
        yield from self._proposed()

    def take(self, prefix: str, count: int, *, kind: str = "") -> list[Filed]:
        """So many open files below a prefix of the capital, of a kind if one is said; each is taken once."""
        found = [one for one in self._near if self._fits(one, prefix, kind)]
        chosen = self._random.sample(found, min(count, len(found)))
        self._taken.update(child_id for child_id, _number, _child in chosen)
        return chosen

    def _fits(self, filed: Filed, prefix: str, kind: str) -> bool:
        child_id, _number, child = filed
        is_there = child.responsible_code.startswith(prefix) and child_id not in self._taken
        return is_there and child.closed_on is None and kind in ("", child.family.kind)

    def _closed(self, filed: Filed, closed_on: date, reason: str) -> Happening:
        child = filed[2]
        held = sorted(held.category for held in child.holdings if held.until_on == closed_on)
        moved_to = BEYOND_THE_PROVINCE if reason == "moved_out" else ""
        after = {"closed_on": closed_on.isoformat(), "closed_reason": reason, "moved_to": moved_to}
        on = min(closed_on + timedelta(days=self._random.randint(0, 9)), self._on)
        confirmer = username("approver", child.responsible_code[:6]) if PAID & {*held} else ""
        before = {"category": " ".join(held)}
        by = username("county_officer", child.responsible_code[:6])
        return Happening(filed, Kind.CLOSE, on, by, reason, "", before, after, confirmer)

    def _returned(self, filed: Filed, back: Return) -> Iterator[Happening]:
        child, by = back.child, username("county_officer", back.child.responsible_code[:6])
        closed_on, category = back.closed_on.isoformat(), child.holdings[0].category
        closed = {"closed_on": closed_on, "closed_reason": "no_longer_fits"}
        before = {"category": category}
        yield Happening(filed, Kind.CLOSE, back.closed_on, by, "no_longer_fits", "父母返乡", before, closed)
        after = before | {"category_from": back.reopened_on.isoformat()}
        yield Happening(filed, Kind.REOPEN, back.reopened_on, by, "fits_again", "父母再次外出务工", closed, after)

    def _entered(self) -> Iterator[Happening]:
        """The latest files of the featured counties, entered by hand at the township."""
        lately = self._on - OF_LATE
        fresh = [one for one in self._near if self._is_fresh(one, lately)]
        for filed in fresh[-ENTERED:]:
            child = filed[2]
            held = " ".join(sorted(child.categories))
            on = child.registered_at.date()
            by = username("township_supervisor", child.responsible_code[:9])
            yield Happening(filed, Kind.ENTER, on, by, after={**child.said, "category": held})

    def _is_fresh(self, filed: Filed, since: date) -> bool:
        child = filed[2]
        is_featured = child.responsible_code[:6] in FEATURED_COUNTIES
        return is_featured and self._fits(filed, "", "") and child.registered_at.date() >= since

    def _altered(self) -> Iterator[Happening]:
        for county in FEATURED_COUNTIES:
            for filed in self.take(county, ALTERED // 2):
                yield self._alteration(filed, *self._random.choice(ALTERATIONS))
        bulk = UUID(int=self._random.getrandbits(128), version=4)
        on = self._on - timedelta(days=12)
        for filed in self.take("640121", IN_BULK):
            after = {"ethnic_group": filed[2].said["ethnic_group"]}
            by = username("county_officer", "640121")
            yield Happening(filed, Kind.ALTER, on, by, "checked", "与公安户籍信息比对", after=after, bulk=bulk)

    def _alteration(self, filed: Filed, column: str, reason: str, words: str) -> Happening:
        child, draw = filed[2], self._random.randint
        before = {column: f"{draw(1, 9)}组{draw(1, 120)}号"} if column == "living_address" else {}
        on = self._on - timedelta(days=draw(1, OF_LATE.days))
        on = max(on, child.registered_at.date())
        by = username("township_supervisor", child.responsible_code[:9])
        return Happening(filed, Kind.ALTER, on, by, reason, words, before, {column: child.said[column]})

    def _proposed(self) -> Iterator[Happening]:
        """A file to be closed and a paid category to be ended, each waiting for the county's approver."""
        for county in PROPOSERS:
            here = FEATURED_TOWNSHIP if county == PROPOSERS[0] else county
            found = self.take(here, 1, kind="de_facto") or self.take(county, 1, kind="de_facto")
            for filed in found:
                yield self._proposal(filed, county)

    def _proposal(self, filed: Filed, county: str) -> Happening:
        by, on = username("county_officer", county), self._on - timedelta(days=2)
        last = (on - timedelta(days=5)).isoformat()
        if county == PROPOSERS[0]:
            before = {"category": " ".join(sorted(filed[2].categories))}
            after = {"closed_on": last, "closed_reason": "guardianship_restored"}
            words = "母亲返乡，已恢复共同生活"
            kind, reason = Kind.CLOSE, "guardianship_restored"
        else:
            before, after = {}, {"category": "de_facto", "category_until": last}
            kind, reason, words = Kind.ALTER, "no_longer_fits", "父亲刑满释放"
        return Happening(filed, kind, on, by, reason, words, before, after, stage=Stage.PROPOSED)


def office_hour(on: date, at: int) -> datetime:
    """A moment of a day in office hours, another for another number."""
    opens = datetime.combine(on, time(9), ZoneInfo(settings.TIME_ZONE))
    return opens + timedelta(seconds=at * 61 % 25_000)


def write_happenings(happenings: Sequence[Happening], people: dict[str, Person], *, on: date) -> None:
    """Writes what happened (写入变更) in the order of days, with its entries in the trail."""
    ordered = sorted(happenings, key=lambda one: one.on)
    enter(Change, (_change_row(one, people, at) for at, one in enumerate(ordered)))
    acts = sorted((one.by, f"{one.kind}_child", one.filed[1], one.place) for one in ordered)
    record_acts(acts, people, on=on)


def record_acts(acts: Sequence[tuple[str, str, str, str]], people: dict[str, Person], *, on: date) -> None:
    """Leaves entries in the trail (留痕): by whom, which act, file number and place, sorted by the first two."""
    for (by, act), found in groupby(acts, key=lambda one: one[:2]):
        subjects = [(number, code) for _by, _act, number, code in found]
        record_many(by=people[by], act=act, subject_kind="child", subjects=subjects, on=on)


def _change_row(one: Happening, people: dict[str, Person], at: int) -> Row:
    columns = sorted(name for name in {*one.before, *one.after} if one.before.get(name, "") != one.after.get(name, ""))
    moment = office_hour(one.on, at)
    confirmer = people[one.decided_by].pk if one.decided_by else None
    decided_at = moment + timedelta(hours=1) if confirmer else None
    sides = (_document("before", one.before, columns), _document("after", one.after, columns))
    words = seal(Change, "words", one.words)
    begun = (one.filed[0], one.kind.value, one.stage.value, one.on, one.reason, words, columns)
    return *begun, *sides, one.bulk, one.place, people[one.by].pk, moment, confirmer, decided_at


def _document(side: str, said: dict[str, str], columns: list[str]) -> bytes | None:
    kept = {column: said[column] for column in columns if said.get(column)}
    return seal(Change, side, json.dumps(kept, ensure_ascii=False))


def tasks_to_confirm(happenings: Iterable[Happening]) -> list[Task]:
    """The tasks of those who have to confirm what was proposed (待确认)."""
    return [
        about_child(
            "confirm_change", one.filed[1], one.place, role="approver", due_on=due_on("confirm_change", on=one.on)
        )
        for one in happenings
        if one.stage == Stage.PROPOSED
    ]


def about_child(kind: str, number: str, code: str, *, role: str, due_on: date, move: int = 0) -> Task:
    """A task about a child that may lose what is due (待办)."""
    return Task(
        kind=kind,
        subject_kind="child",
        subject_key=number,
        division_code=code,
        role=role,
        harm=Harm.LOSS,
        due_on=due_on,
        values={"move": move} if move else {},
    )


def revisions(happenings: Iterable[Happening]) -> dict[int, int]:
    """How often each file was changed (修订次数), by the child's id."""
    counts: dict[int, int] = {}
    for one in happenings:
        counts[one.filed[0]] = counts.get(one.filed[0], 1) + 1
    return counts

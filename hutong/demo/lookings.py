"""Looks (查阅) of the last two years at invented files, with what they were for, and the attempts that were refused."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils.timezone import make_aware

from hutong.accounts.models import Person, Purpose, TrailEntry
from hutong.demo.places import SHARES
from hutong.demo.staff import username
from hutong.demo.writing import Filed
from hutong.law.parameters import shipped

ONE_IN, MOST_TIMES, SPAN_DAYS, REFUSED_ONE_IN = 8, 4, 640, 40
"""One file in so many was opened, up to so many times, within so many days; one opening in so many was refused."""
REASONS = ("recognition", "visit", "verify", "contact", "payment", "complaint", "audit")
ROLES = ("county_officer", "approver")
REVEALED = ("child-id_number", "guardian-phone", "child-address")


def write_looks(filed: list[Filed], people: dict[str, Person], random: Random, *, on: date) -> None:
    """Writes the looks (查阅留痕): the trail of a demonstration tells of days on which it was not there yet."""
    entries = [entry for one in filed if random.randrange(ONE_IN) == 0 for entry in _at(one, people, random, on)]
    TrailEntry.objects.bulk_create(sorted(entries, key=lambda entry: entry.at), batch_size=1000)


def _at(filed: Filed, people: dict[str, Person], random: Random, on: date) -> Iterator[TrailEntry]:
    _id, number, child = filed
    for _ in range(random.randint(1, MOST_TIMES)):
        role = random.choice(ROLES)
        by = people[username(role, child.responsible_code[:6])]
        moment = _moment(random, on)
        if random.randrange(REFUSED_ONE_IN) == 0:
            yield _refused(number, child.responsible_code, people, random, moment)
        yield _entry("open_child", by, role, number, child.responsible_code, moment)
        if random.random() < 0.3:
            yield from _with_purpose(by, role, number, child.responsible_code, random, moment)


def _moment(random: Random, on: date) -> datetime:
    """In the hours of an office, on a day of the span."""
    day = on - timedelta(days=random.randint(1, SPAN_DAYS))
    return make_aware(datetime.combine(day, time(random.randint(8, 17), random.randint(0, 59), random.randint(0, 59))))


def _with_purpose(
    by: Person, role: str, number: str, code: str, random: Random, moment: datetime
) -> Iterator[TrailEntry]:
    opened, reason = moment + timedelta(seconds=40), random.choice(REASONS)
    expires = opened + timedelta(minutes=shipped().number("purpose_minutes", on=opened.date()))
    purpose = Purpose.objects.create(
        person=by, scope_kind="child", scope_key=number, reason=reason, opened_at=opened, expires_at=expires
    )
    yield _entry("state_purpose", by, role, number, code, opened, reason=reason, purpose=purpose.pk)
    shown = opened + timedelta(seconds=3)
    yield _entry("reveal", by, role, number, code, shown, field=random.choice(REVEALED), row=0, purpose=purpose.pk)


def _refused(number: str, code: str, people: dict[str, Person], random: Random, moment: datetime) -> TrailEntry:
    """An officer of another county wanted to see it."""
    county = random.choice([one for one in SHARES if one != code[:6]])
    by = people[username("county_officer", county)]
    return _entry("refused", by, "county_officer", number, code, moment, act="child", why="not_found")


def _entry(done: str, by: Person, role: str, number: str, code: str, moment: datetime, **details: object) -> TrailEntry:
    return TrailEntry(
        at=moment,
        by=by,
        role=role,
        act=done,
        subject_kind="child",
        subject_key=number,
        division_code=code,
        details=details,
    )

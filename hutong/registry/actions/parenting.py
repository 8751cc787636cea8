"""Father and mother as rows of a workbook name them (父母入库): entered, mended, followed by another, put back."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from hutong.accounts.models import Person
from hutong.law.form_questions import PARENTS
from hutong.registry.actions.entering import Row, enter, new_ids
from hutong.registry.intake.judge import id_index, phone_index
from hutong.registry.intake.known import PEOPLE
from hutong.registry.models import Child, Parent
from hutong.registry.queries import parents_of, said_of_parents

ONE_DAY = timedelta(days=1)
WRITTEN = ["name", "is_unknown", "id_number", "id_index", "phone", "phone_index", "until_on"]


def enter_parents(said: Iterable[tuple[int, Mapping[str, str]]]) -> None:
    """Enter parents (记入父母) of children who are new, by id."""
    named = [(at, role, values) for at, values in said for role in PARENTS if f"{role}_name" in values]
    if named:
        ids, now = new_ids(len(named), Parent), timezone.now()
        rows = (_row(new, at, role, values, now) for new, (at, role, values) in zip(ids, named, strict=True))
        enter(Parent, rows)


def _row(new: int, child_id: int, role: str, said: Mapping[str, str], now: datetime) -> Row:
    number, phone = said.get(f"{role}_id_number", ""), said.get(f"{role}_phone", "")
    return (
        new,
        child_id,
        role,
        False,
        said[f"{role}_name"],
        Parent._meta.get_field("id_number").seal(number),
        id_index(number) if number else None,
        Parent._meta.get_field("phone").seal(phone),
        phone_index(phone) if phone else None,
        now,
    )


def put_parents(said: Iterable[tuple[Child, Mapping[str, str]]], *, by: Person, on: date) -> None:
    """Put parents (改写父母) of children who are known: a mended detail changes the row; another name ends it.

    One who only began today is mended too. What is known of a parent stays with that parent. Set by set: first who is
    there already, then who comes.
    """
    put = [one for child, values in said for one in _put(child, values, by=by, on=on)]
    _save([one for one in put if one.pk])
    Parent.objects.bulk_create([one for one in put if not one.pk], batch_size=1000)


def _put(child: Child, said: Mapping[str, str], *, by: Person, on: date) -> Iterator[Parent]:
    now, before = parents_of(child), said_of_parents(child)
    for role in PARENTS:
        is_other = any(before.get(column, "") != said.get(column, "") for column in PEOPLE[role])
        if f"{role}_name" not in said or not is_other:
            continue
        parent = now.get(role) or Parent(child=child, role=role, from_on=_free_from(child, role), recorded_by=by)
        begun_before = parent.pk and (parent.from_on is None or parent.from_on < on)
        if begun_before and parent.name != said[f"{role}_name"]:
            parent.until_on = on - ONE_DAY
            yield parent
            parent = Parent(child=child, role=parent.role, from_on=on, recorded_by=by)
        yield _written(parent, role, said)


def _free_from(child: Child, role: str) -> date | None:
    """The first day on which nobody is known in this role; None where nobody ever was."""
    ended = [one.until_on for one in child.parent_set.all() if one.role == role and one.until_on]
    return max(ended) + ONE_DAY if ended else None


def restore_parents(said: Iterable[tuple[Child, Mapping[str, str]]]) -> None:
    """Restore parents (还原父母): those who came instead go, those who ended for them go on."""
    gone: list[int] = []
    kept: list[Parent] = []
    for child, values in said:
        now = said_of_parents(child)
        for role, parent in parents_of(child).items():
            if all(now.get(column, "") == values.get(column, "") for column in PEOPLE[role]):
                continue
            name, ended = values.get(f"{role}_name"), _ended_for(parent, values.get(f"{role}_name"))
            if ended or name is None:
                gone.append(parent.pk)
            if ended:
                ended.until_on = None
            if name is not None:
                kept.append(_written(ended or parent, role, values))
    Parent.objects.filter(pk__in=gone).delete()
    _save(kept)


def _ended_for(parent: Parent, name: str | None) -> Parent | None:
    """Whoever of this name ended on the day before a parent began."""
    if parent.name == name or parent.from_on is None:
        return None
    eve, rows = parent.from_on - ONE_DAY, parent.child.parent_set.all()
    return next((one for one in rows if (one.role, one.until_on, one.name) == (parent.role, eve, name)), None)


def _written(parent: Parent, role: str, said: Mapping[str, str]) -> Parent:
    """A parent with what is said of them; an empty name is one who is unknown."""
    number, phone = said.get(f"{role}_id_number", ""), said.get(f"{role}_phone", "")
    parent.name, parent.is_unknown = said[f"{role}_name"], not said[f"{role}_name"]
    parent.id_number, parent.id_index = number or None, id_index(number) if number else None
    parent.phone, parent.phone_index = phone or None, phone_index(phone) if phone else None
    return parent


def _save(parents: list[Parent]) -> None:
    Parent.objects.bulk_update(parents, WRITTEN, batch_size=500)

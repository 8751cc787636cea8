"""Batches (批次): workbooks that invented officers sent in, received and judged by the real verbs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from hutong.accounts.models import Person
from hutong.demo.children import Children, InventedChild
from hutong.demo.faults import ERRORS, WARNINGS
from hutong.demo.kinds import quotas
from hutong.demo.people import Invention
from hutong.demo.places import FEATURED_TOWNSHIP, Places, Village
from hutong.demo.staff import FEATURED
from hutong.demo.workbook import Line, line_of, write_workbook
from hutong.law.division_code import full
from hutong.law.identity import Sex
from hutong.registry.actions.admission import admit
from hutong.registry.actions.judging import judge
from hutong.registry.actions.staging import receive
from hutong.registry.models import ImportBatch

MIXTURE = {"left_behind": 60, "migrant": 30, "de_facto": 4, "dibao": 3, "disability": 3}
COUNTY, NEIGHBOUR = "640121", "640122"
CLEAN, ADMITTED = 80, 60
OTHER_TOWNSHIPS = {"640121102": 34, "640121103": 22, "640121104": 28, "640121100": 18}
"""More townships of the county that wait for its approver, and with how many rows."""

FRESH, EACH_ERROR, EACH_WARNING = 136, 2, 3
SAME, CHANGED, POSSIBLE, ELSEWHERE, OUTSIDE, REPEATED = 52, 24, 4, 3, 8, 8
OVER_AGE = (18, 18, 17, 16)
BEYOND = "640121103"


@dataclass(frozen=True)
class Sender:
    """What batches are made of (送审依据): children to invent, people to send, and the day."""

    children: Children
    places: Places
    people: dict[str, Person]
    invention: Invention
    on: date


def mixture(children: Children, count: int, villages: Sequence[Village]) -> list[InventedChild]:
    """So many new children of various kinds in these villages."""
    return [
        child for kind, number in quotas(count, MIXTURE).items() for child in children.of_kind(kind, number, villages)
    ]


def stage(sender: Sender, registered: list[InventedChild]) -> list[ImportBatch]:
    """Stages what waits for the county's approver (待审批次): one full of faults, one clean, and other townships'."""
    batches = [_stage_faulty(sender, registered), _stage_clean(sender)]
    for at, (township, rows) in enumerate(OTHER_TOWNSHIPS.items(), 1):
        lines = _lines(sender, township, rows)
        by = sender.people[f"sup-{township}"]
        sent_on = sender.on - timedelta(days=at)
        batches.append(_send(sender, by, lines, division=township, on=sent_on))
    return batches


def admit_one(sender: Sender, rows: int) -> ImportBatch:
    """One batch that came in (入库批次): sent by the neighbour county's officer, admitted by its approver."""
    lines = _lines(sender, NEIGHBOUR, rows)
    officer = sender.people[FEATURED["county_officer", NEIGHBOUR]]
    approver = sender.people[FEATURED["approver", NEIGHBOUR]]
    batch = _send(sender, officer, lines, division=NEIGHBOUR, on=sender.on)
    if rows:
        admit(by=approver, batch=batch, on=sender.on)
    return batch


def _stage_clean(sender: Sender) -> ImportBatch:
    officer = sender.people[FEATURED["county_officer", COUNTY]]
    return _send(sender, officer, _lines(sender, COUNTY, CLEAN), division=COUNTY, on=sender.on)


def _stage_faulty(sender: Sender, registered: list[InventedChild]) -> ImportBatch:
    supervisor = sender.people[FEATURED["township_supervisor", FEATURED_TOWNSHIP]]
    lines = [*_fresh_lines(sender), *_known_lines(sender, registered)]
    sender.invention.random.shuffle(lines)
    lines += [dict(line) for line in sender.invention.random.sample(lines, REPEATED)]
    return _send(sender, supervisor, lines, division=FEATURED_TOWNSHIP, on=sender.on)


def _send(sender: Sender, by: Person, lines: list[Line], *, division: str, on: date) -> ImportBatch:
    name = f"{sender.places.names[full(division)]}儿童信息表{on:%Y%m%d}.xlsx"
    content = write_workbook(lines, made_on=on)
    return judge(batch=receive(by=by, content=content, name=name, on=on, division=division), on=on)


def _lines(sender: Sender, prefix: str, count: int) -> list[Line]:
    return [line_of(child) for child in mixture(sender.children, count, sender.places.within(prefix))]


def _fresh_lines(sender: Sender) -> Iterator[Line]:
    """New children: most as they should be, a few spoilt in each way, a few too old or from beyond the township."""
    spoils = [*chain(*([spoil] * EACH_ERROR for spoil in ERRORS.values()))]
    spoils += [*chain(*([spoil] * EACH_WARNING for spoil in WARNINGS.values()))]
    lines = _lines(sender, FEATURED_TOWNSHIP, FRESH + len(spoils) + len(OVER_AGE))
    numbered = [line for line in lines if "id_number" in line]
    for line, spoil in zip(numbered, spoils, strict=False):
        spoil(line)
    for line, age in zip(reversed(numbered), OVER_AGE, strict=False):
        grow_up(sender.invention, line, age, on=sender.on)
    yield from lines
    yield from _lines(sender, BEYOND, OUTSIDE)


def grow_up(invention: Invention, line: Line, age: int, *, on: date) -> None:
    """Makes an older child of a line, with a number of its own."""
    born = date(on.year - age - 1, invention.random.randint(1, 12), 20)
    sex = Sex.MALE if line["sex"] == "男" else Sex.FEMALE
    line["birth_date"] = born.isoformat()
    line["id_number"] = invention.id_number(region=str(line["registered_division"]), born=born, sex=sex)


def _known_lines(sender: Sender, registered: list[InventedChild]) -> Iterator[Line]:
    """Registered children: without their number, changed, unchanged, and some whom the neighbour county holds."""
    here = [child for child in registered if child.responsible_code.startswith(FEATURED_TOWNSHIP)]
    for child in _take(here, POSSIBLE):
        yield line_of(child) | {"id_number": "", "no_id_reason": "户口待办", "guardian_name": "王秀兰"}
    for child in _take(here, CHANGED):
        yield line_of(child) | {"guardian_phone": sender.invention.phone()}
    yield from map(line_of, _take(here, SAME))
    village = sender.places.within(FEATURED_TOWNSHIP)[1].code
    for child in _take([child for child in registered if child.responsible_code.startswith(NEIGHBOUR)], ELSEWHERE):
        yield line_of(child) | {"living_division": village, "registered_division": village}


def _take(children: list[InventedChild], count: int) -> list[InventedChild]:
    """Takes so many children who have a number out of the list."""
    taken = [child for child in children if "id_number" in child.said][:count]
    children[:] = [child for child in children if child not in taken]
    return taken

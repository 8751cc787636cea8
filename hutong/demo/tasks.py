"""Tasks (待办) that the invented children give cause to: each is true of its child."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from hutong.accounts.models import Task
from hutong.accounts.models.task import Harm
from hutong.demo.children import TURNING_18_DAYS, InventedChild
from hutong.demo.kinds import PAID
from hutong.law.calendar import born_after, nth_birthday
from hutong.law.categories import age_limit

LONG_WITHOUT_ID = timedelta(days=60)
BEFORE_BIRTHDAY = timedelta(days=30)
IN_DANGER_UNREACHED = frozenset({"harmed", "guardianship_absent", "severe_illness"})


def tasks_about(number: str, child: InventedChild, random: Random, *, on: date) -> Iterator[Task]:
    """The open tasks about a child with this file number, as of the day."""
    if "id_number" not in child.said and child.registered_at.date() < on - LONG_WITHOUT_ID:
        harm = Harm.LOSS if child.categories & PAID else Harm.ORDINARY
        due_on = on + timedelta(days=random.randint(-10, 45))
        yield _task("get_id", "township_supervisor", number, child, harm, due_on)
    if "guardian_phone" not in child.said:
        harm = Harm.DANGER if child.categories & IN_DANGER_UNREACHED else Harm.ORDINARY
        due_on = on + timedelta(days=random.randint(-6, 30))
        yield _task("guardian_phone", "village_director", number, child, harm, due_on)
    if child.categories & PAID and child.born < born_after(age_limit(on), on + timedelta(days=TURNING_18_DAYS)):
        birthday = nth_birthday(child.born, age_limit(on))
        task = _task("turning_18", "county_officer", number, child, Harm.LOSS, birthday - BEFORE_BIRTHDAY)
        task.values = {"on": birthday.isoformat()}
        yield task


def _task(kind: str, role: str, number: str, child: InventedChild, harm: Harm, due_on: date) -> Task:
    return Task(
        kind=kind,
        subject_kind="child",
        subject_key=number,
        division_code=child.responsible_code,
        role=role,
        harm=harm,
        due_on=due_on,
    )

"""What a fact has to agree with before it is taken: numbers, certificates, the child it is about."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings

from hutong.kit.cipher import Sealed
from hutong.kit.names import is_name
from hutong.kit.staging import Problem
from hutong.law.circumstances import CIRCUMSTANCES, FINAL, WITH_GRADE, WITH_NOTICE, WITH_REPORT
from hutong.law.disability import judge_certificate
from hutong.law.guardianship import contradicts
from hutong.law.identity import judge_id_number
from hutong.registry.intake.judge import id_index, phone_index
from hutong.registry.intake.reading import is_phone
from hutong.registry.models import Child, Circumstance, Guardian, Parent

INDEXES: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "id_index": ("id_number", id_index),
    "phone_index": ("phone", phone_index),
}
"""The blind index columns: of which sealed column, and how."""


def _check_person(person: Guardian | Parent, child: Child, *, on: date) -> list[Problem]:
    problems = []
    if person.name and not is_name(person.name):
        problems.append(Problem("name_form", "name"))
    if person.id_number:
        number = person.id_number.open()
        judged = judge_id_number(number, on=on, tests_allowed=not settings.PRODUCTION)
        if judged.fault:
            problems.append(Problem(f"id_{judged.fault}", "id_number", values={"length": str(len(number))}))
        elif child.id_number and child.id_number.open() == judged.normalised:
            problems.append(Problem("guardian_is_child", "id_number"))
        else:
            person.id_number = judged.normalised
    if person.phone and not is_phone(person.phone.open()):
        problems.append(Problem("phone_form", "phone"))
    return problems


def _check_guardian(guardian: Guardian, child: Child, *, on: date) -> list[Problem]:
    problems = _check_person(guardian, child, on=on)
    held = frozenset(child.holdings.filter(until_on__isnull=True).values_list("category", flat=True))
    if not guardian.name:
        problems.append(Problem("required", "name"))
    if contradicts(held, guardian.relation) and (guardian.until_on is None or guardian.until_on >= on):
        problems.append(Problem("orphan_with_parent", "relation"))
    return problems


def _check_parent(parent: Parent, child: Child, *, on: date) -> list[Problem]:
    problems = _check_person(parent, child, on=on)
    if not parent.is_unknown and not parent.name:
        problems.append(Problem("required", "name"))
    if parent.is_unknown:
        parent.name, parent.id_number, parent.phone = "", None, None
    return problems


def _check_circumstance(fact: Circumstance, child: Child, *, on: date) -> list[Problem]:
    problems = []
    if fact.from_on is None:
        problems.append(Problem("required", "from_on"))
    kind = CIRCUMSTANCES.get(fact.kind)
    if kind is None or not (kind.of_parent if fact.parent else kind.of_child):
        problems.append(Problem("required", "kind"))
    if fact.parent and fact.parent.child_id != child.pk:
        problems.append(Problem("required", "parent"))
    if fact.reported_on and fact.reported_on > on:
        problems.append(Problem("date_in_future", "reported_on"))
    if fact.notice_on and fact.notice_on > on:
        problems.append(Problem("date_in_future", "notice_on"))
    if fact.kind not in WITH_REPORT:
        fact.reported_on = None
    if fact.kind not in WITH_NOTICE:
        fact.notice_on = None
    if fact.kind in FINAL and fact.until_on:
        problems.append(Problem("final_has_no_end", "until_on"))
    return problems + _check_disability(fact, child)


def _check_disability(fact: Circumstance, child: Child) -> list[Problem]:
    if fact.kind not in WITH_GRADE:
        fact.grade, fact.disability_class, fact.certificate = None, "", None
        return []
    if not fact.grade or not fact.disability_class:
        return [Problem("required", "disability_class" if fact.grade else "grade")]
    if not fact.certificate:
        return []
    holder: Any = fact.parent or child
    number: Sealed | None = holder.id_number
    judged = judge_certificate(
        fact.certificate.open(),
        id_number=number.open() if number else "",
        disability_class=fact.disability_class,
        grade=fact.grade,
    )
    if judged.fault:
        return [Problem(f"certificate_{judged.fault}", "certificate")]
    fact.certificate = judged.normalised
    return []


CHECKS: dict[type, Callable[..., list[Problem]]] = {
    Guardian: _check_guardian,
    Parent: _check_parent,
    Circumstance: _check_circumstance,
}

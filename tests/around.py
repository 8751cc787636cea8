"""Factories of what the rooms around the register keep: organisations, placements, agreements, visits."""

from typing import Any

from stdnum.cn import uscc

from hutong.law.division_code import full
from hutong.network.models import Organisation
from hutong.outreach.models import Statement, Visit
from hutong.protection.models import GuardianshipAgreement, Placement
from hutong.registry.models import Child
from tests.factories import COUNTY, ON, VILLAGE, child, person, serial
from tests.facts import SINCE


def credit_code() -> str:
    """A credit code that no organisation has and whose check character fits."""
    body = f"12640122{serial():09d}"
    return body + str(uscc.calc_check_digit(body))


def organisation(**more: Any) -> Organisation:
    """A protection centre of the county, without a credit code."""
    values = {"kind": "protection_centre", "name": f"未保中心{serial()}", "division_code": full(COUNTY)}
    return Organisation.objects.create(**values | {"from_on": SINCE} | more)


def visit(whose: Child | None = None, **more: Any) -> Visit:
    """A routine visit at the child's home, at which it was seen."""
    values = {
        "child": whose or child(), "visited_on": ON, "way": "in_person", "purpose": "routine", "child_seen": True,
        "findings": "家中整洁，孩子在校", "division_code": VILLAGE,
    }  # fmt: skip
    return Visit.objects.create(**{"by": more.get("by") or person()} | values | more)


def statement(of: Visit | None = None, **more: Any) -> Statement:
    """What a neighbour said at a visit, by name."""
    values = {"relation_to_child": "邻居", "name": "柳大山", "words": "奶奶照顾得好"}
    return Statement.objects.create(**{"visit": of or visit()} | values | more)


def placement(whose: Child | None = None, **more: Any) -> Placement:
    """A child placed with its grandmother; with an `organisation`, there."""
    where = {"kind": "institution"} if more.get("organisation") else {"kind": "kin", "carer": "柳桂兰"}
    values = {"child": whose or child(), "decided_on": SINCE, "from_on": SINCE, "division_code": VILLAGE} | where
    return Placement.objects.create(**{"recorded_by": more.get("recorded_by") or person()} | values | more)


def agreement(whose: Child | None = None, **more: Any) -> GuardianshipAgreement:
    """A guardian's confirmation of guardianship."""
    of = whose or child()
    values = {
        "child": of, "kind": "guardianship", "signed_on": SINCE, "from_on": SINCE, "division_code": VILLAGE,
        "guardian": more.get("guardian") or of.guardians.first(),
    }  # fmt: skip
    return GuardianshipAgreement.objects.create(**{"recorded_by": more.get("recorded_by") or person()} | values | more)

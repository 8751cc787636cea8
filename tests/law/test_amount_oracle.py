"""Ten thousand invented children counted a second time by OpenFisca, which knows nothing of our functions.

OpenFisca is no part of the product: the test is skipped where it is not installed.
"""

from datetime import date
from random import Random

import pytest

pytest.importorskip("openfisca_core")

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from hutong.law.allowance import due_for
from hutong.law.entitlement import entitlement_of
from hutong.law.facts import AidFact, ChildFacts, HoldingFact
from hutong.law.months import Month
from hutong.law.parameters import shipped
from hutong.law.rules import Rules

CHILDREN, SEED = 10_000, 5
PERSON = build_entity("person", "persons", "A child", is_person=True)
MONTHS = ["2021-11", "2024-06", "2025-12", "2026-01", "2026-08"]
CATEGORIES = ["orphan_institution", "orphan_kin", "de_facto", "hiv"]
# The domain's table, written down again: institution, scattered, de facto, infected; poor households' de facto level.
TABLE = {
    2021: ((124900, 93700, 53100, 93700), 93700),
    2024: ((150000, 100000, 100000, 100000), None),
    2025: ((160000, 120000, 120000, 120000), None),
    2026: ((211000, 164000, 164000, 164000), None),
}


def _fact(name: str) -> type[Variable]:
    facts = {"value_type": int, "entity": PERSON, "definition_period": DateUnit.ETERNITY, "label": name}
    return type(name, (Variable,), facts)


class amount(Variable):
    value_type = int
    entity = PERSON
    definition_period = DateUnit.MONTH
    label = "What is due"

    def formula(person, period):
        now = period.start.year * 12 + period.start.month - 1
        standards, poor = TABLE[period.start.year]
        dibao, heads = person("household_dibao", period), person("heads", period)
        standard = np.array(standards)[person("category", period)]
        if poor:
            standard = np.where((person("category", period) == 2) & (heads > 0), poor, standard)
        off = np.where(heads > 0, dibao // np.maximum(heads, 1), 0) + person("disability_living", period)
        held = (person("first_month", period) <= now) & (now <= person("last_month", period))
        return np.where(held & (now <= person("birth_month", period) + 216), np.maximum(0, standard - off), 0)


def _children() -> list[dict[str, int]]:
    chance = Random(SEED)
    return [
        {
            "birth_month": chance.randint(2003, 2020) * 12 + chance.randint(0, 11),
            "category": chance.randrange(4),
            "first_month": chance.randint(2020 * 12, 2026 * 12 + 6),
            "last_month": chance.randint(2022 * 12, 2028 * 12),
            "heads": (heads := chance.choice([0, 0, 1, 2, 3, 5, 7])),
            "household_dibao": chance.randint(1, 500_000) if heads else 0,
            "disability_living": chance.choice([0, 0, 12_000, 13_577]),
        }
        for _ in range(CHILDREN)
    ]


def _ours(child: dict[str, int]) -> ChildFacts:
    year, month = divmod(child["birth_month"], 12)
    dibao = AidFact(kind="dibao", household_fen_per_month=child["household_dibao"], members=child["heads"])
    living = AidFact(kind="disability_living", fen_per_month=child["disability_living"])
    holding = HoldingFact(
        category=CATEGORIES[child["category"]],
        from_month=Month(0, 1).plus(child["first_month"]),
        until_month=Month(0, 1).plus(child["last_month"]),
    )
    aid = ((dibao,) if child["heads"] else ()) + ((living,) if child["disability_living"] else ())
    return ChildFacts(birth_date=date(year, month + 1, 17), holdings=(holding,), other_aid=aid)


def test_openfisca_counts_the_same():
    children = _children()
    system = TaxBenefitSystem([PERSON])
    for name in children[0]:
        system.add_variable(_fact(name))
    system.add_variable(amount)
    simulation = SimulationBuilder().build_default_simulation(system, count=CHILDREN)
    for name in children[0]:
        simulation.set_input(name, "ETERNITY", np.array([child[name] for child in children]))
    rules = Rules(shipped(), "640122000000")
    entitlements = [entitlement_of(_ours(child), rules) for child in children]

    for month in MONTHS:
        ours = [due_for(one, Month.read(month)).amount_fen for one in entitlements]
        assert np.abs(simulation.calculate("amount", month) - np.array(ours)).max() == 0
        assert sum(ours) > 0

"""The nouns that are recorded, ended, corrected and struck in one way."""

from hutong.registry.models.circumstance import Circumstance
from hutong.registry.models.guardian import Guardian
from hutong.registry.models.life import HealthFact, OtherAid, Study
from hutong.registry.models.parent import Parent

Fact = Guardian | Parent | Circumstance | Study | HealthFact | OtherAid
FACTS: dict[str, type[Fact]] = {
    "guardian": Guardian,
    "parent": Parent,
    "circumstance": Circumstance,
    "study": Study,
    "health": HealthFact,
    "aid": OtherAid,
}
NOUN_OF = {model: noun for noun, model in FACTS.items()}
SEALED_PART = "sealed"
"""The one column of a change of what only named people may open."""

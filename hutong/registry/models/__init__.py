"""Nouns of the registry."""

from hutong.registry.models.batch import ImportBatch, ImportFile, ImportRow, SenderLayout
from hutong.registry.models.category import CategoryHolding
from hutong.registry.models.change import Change, Move
from hutong.registry.models.child import Child
from hutong.registry.models.circumstance import Circumstance
from hutong.registry.models.evidence import Evidence
from hutong.registry.models.guardian import Guardian
from hutong.registry.models.household import Household, HouseholdMember
from hutong.registry.models.life import HealthFact, OtherAid, Study
from hutong.registry.models.linkage_key import LinkageKey
from hutong.registry.models.merge import Merge
from hutong.registry.models.observation import Observation
from hutong.registry.models.pair import EarlierAnswer, Pair, SecondLook
from hutong.registry.models.parent import Parent
from hutong.registry.models.payee_link import PayeeLink

__all__ = [
    "CategoryHolding",
    "Change",
    "Child",
    "Circumstance",
    "EarlierAnswer",
    "Evidence",
    "Guardian",
    "HealthFact",
    "Household",
    "HouseholdMember",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "LinkageKey",
    "Merge",
    "Move",
    "Observation",
    "OtherAid",
    "Pair",
    "Parent",
    "PayeeLink",
    "SecondLook",
    "SenderLayout",
    "Study",
]

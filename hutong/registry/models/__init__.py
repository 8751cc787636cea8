"""Nouns of the registry."""

from hutong.registry.models.batch import ImportBatch, ImportFile, ImportRow
from hutong.registry.models.category import CategoryHolding
from hutong.registry.models.child import Child
from hutong.registry.models.guardian import Guardian

__all__ = ["CategoryHolding", "Child", "Guardian", "ImportBatch", "ImportFile", "ImportRow"]

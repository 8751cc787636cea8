"""Nouns of protection."""

from hutong.protection.models.agreement import GuardianshipAgreement
from hutong.protection.models.placement import Placement

__all__ = ["GuardianshipAgreement", "Placement"]

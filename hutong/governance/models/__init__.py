"""Nouns of governance."""

from hutong.governance.models.case_set import CaseSet

__all__ = ["CaseSet"]

"""Nouns of governance."""

from hutong.governance.models.case_set import CaseSet
from hutong.governance.models.holiday_notice import HolidayNotice

__all__ = ["CaseSet", "HolidayNotice"]

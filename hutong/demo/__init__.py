"""Demonstration (演示): an invented province on real divisions, the same for the same seed."""

from datetime import date

DEMONSTRATION_DAY = date(2026, 11, 24)
"""The day of the demonstration (演示日) wherever HUTONG_TODAY sets no other."""

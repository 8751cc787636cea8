"""Visits after an adoption (收养后回访): when the next one to a disabled orphan who was adopted is due."""

from collections.abc import Iterable
from datetime import date, timedelta

from hutong.law.calendar import months_after
from hutong.law.parameters import Parameters, shipped
from hutong.law.rules import Rules


def next_follow_up(
    adopted_on: date,
    visited: Iterable[date],
    *,
    on: date,
    jurisdiction: str = "",
    parameters: Parameters | None = None,
) -> tuple[date, date] | None:
    """The last day of the next visit that nobody has made, and the first day on which one counts for it.

    None where a place asks for none, or all are made. Raises LookupError.
    """
    rules = Rules(parameters or shipped(), jurisdiction)
    lead, days = timedelta(days=rules.number("days_before_adoption_follow_up", on)), sorted(visited)
    for months in rules.listed("adoption_follow_up_months", on):
        due_on = months_after(adopted_on, int(months))
        first = max(due_on - lead, adopted_on)
        if not any(day >= first for day in days):
            return due_on, first
    return None

"""Days of tasks (待办期限): by when what is asked of an office is done, where no article sets the time; ours, dated."""

from datetime import date, timedelta

from hutong.law.parameters import shipped


def due_on(kind: str, *, on: date, jurisdiction: str = "") -> date:
    """The last day of a task of a kind that is asked on a day (待办截止日); calendar days. Raises LookupError."""
    return on + timedelta(days=shipped().number(f"days_to_{kind}", on=on, jurisdiction=jurisdiction))

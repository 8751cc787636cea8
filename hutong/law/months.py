"""Months (月份): what an allowance is counted by."""

from datetime import date, timedelta
from typing import NamedTuple


class Month(NamedTuple):
    """Month (月份), `2025-12`; months compare and sort as they follow each other."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """The month that `2025-12` says. Raises ValueError for anything else."""
        try:
            return cls.of(date.fromisoformat(f"{text}-01"))
        except ValueError as error:
            raise ValueError(text) from error

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.plus(1).first - timedelta(days=1)

    def plus(self, months: int) -> "Month":
        """So many months later, or earlier."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_between(first: Month, last: Month) -> list[Month]:
    """All months from the first to the last, both counted; none where the last is earlier."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [first.plus(at) for at in range(count)]

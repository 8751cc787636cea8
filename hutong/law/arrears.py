"""Arrears (补发): month by month what is due, less what was paid for that month; nothing is netted between months."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hutong.law.allowance import Due, due_for
from hutong.law.citation import Line
from hutong.law.entitlement import Entitlement
from hutong.law.money import yuan
from hutong.law.months import Month, months_between


@dataclass(frozen=True, slots=True)
class Proposal:
    """Overpaid month (多发月份): only proposed; a person decides what becomes of it."""

    month: Month
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer (月度答复): what is to be paid with a month, its lines, and what was overpaid up to it."""

    month: Month
    amount_fen: int
    lines: tuple[Line, ...]
    proposals: tuple[Proposal, ...] = ()


def answer_months(
    entitlement: Entitlement, months: Iterable[Month], *, paid: Mapping[Month, int] | None, cut_off: int | None = None
) -> list[Answer]:
    """The answers to months, one after another (逐月答复). Without `paid` each is answered with its own due."""
    if paid is None:
        dues = [due_for(entitlement, month, cut_off=cut_off) for month in months]
        return [Answer(due.month, due.amount_fen, due.lines) for due in dues]
    reckoning = _Reckoning(entitlement, paid, cut_off)
    return [reckoning.answer(month) for month in months]


@dataclass(slots=True)
class _Reckoning:
    """What was paid and answered so far, by the month it is for."""

    entitlement: Entitlement
    paid: Mapping[Month, int]
    cut_off: int | None
    answered: dict[Month, int] = field(default_factory=dict)
    told: set[Month] = field(default_factory=set)
    proposed: set[Month] = field(default_factory=set)
    dues: dict[Month, Due] = field(default_factory=dict)

    def answer(self, month: Month) -> Answer:
        proposals = tuple(self._overpaid(month))
        lines = (*self._own(month), *self._earlier(month))
        return Answer(month, sum(line.amount_fen for line in lines), lines, proposals)

    def _due(self, month: Month) -> Due:
        if month not in self.dues:
            self.dues[month] = due_for(self.entitlement, month, cut_off=self.cut_off)
        return self.dues[month]

    def _own(self, month: Month) -> Iterator[Line]:
        """The month's own lines, then what was paid or answered for it."""
        due, rule = self._due(month), self.entitlement.rules.value("arrears_months", month.first).citation
        self.told.add(month)
        yield from due.lines
        paid, answered = self.paid.get(month, 0), self.answered.get(month, 0)
        if paid:
            yield Line("paid", -min(paid, due.amount_fen), f"{month}已发{yuan(paid)}", rule)
        if answered:
            yield Line("answered", -answered, f"{month}本次已列{yuan(answered)}", rule)
        self._take(month, due)

    def _earlier(self, month: Month) -> Iterator[Line]:
        """A line for each earlier month of which something is left, or that a person has to decide."""
        for earlier in self._months_before(month):
            due = self._due(earlier)
            if due.is_open and earlier not in self.told:
                self.told.add(earlier)
                yield from (Line(line.code, 0, f"{earlier}：{line.text}", line.citation) for line in due.lines)
            left = self._take(earlier, due)
            if left:
                rule = self.entitlement.rules.value("arrears_months", month.first).citation
                text = f"补发{earlier}：应发{yuan(due.amount_fen)}，此前已发或已列{yuan(due.amount_fen - left)}"
                yield Line("arrears", left, text, rule)

    def _take(self, month: Month, due: Due) -> int:
        """What is left of a month, which from now on counts as answered."""
        answered = self.answered.get(month, 0)
        left = max(0, due.amount_fen - self.paid.get(month, 0) - answered)
        self.answered[month] = answered + left
        return left

    def _months_before(self, month: Month) -> list[Month]:
        first = self.entitlement.first
        if first is None:
            return []
        most = self.entitlement.rules.value("arrears_months", month.first).value
        return months_between(max(first, month.plus(-most)) if isinstance(most, int) else first, month.plus(-1))

    def _overpaid(self, month: Month) -> Iterator[Proposal]:
        """Months up to this one for which more was paid than is due, each told once."""
        for one, fen in sorted(self.paid.items()):
            due = self._due(one)
            if one <= month and one not in self.proposed and fen > due.amount_fen and not due.is_open:
                self.proposed.add(one)
                yield Proposal(one, fen - due.amount_fen)

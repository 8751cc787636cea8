"""Returns of the bank (银行返回文件): what became of each order, and what is wrong with the file, line by line.

Read leniently, never guessed: a line that is in doubt gives a fault and no result, the other lines count.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial

from hutong.gateways.bank.layouts import LAYOUTS, Layout
from hutong.gateways.bank.orders import NUMBER, Fault
from hutong.gateways.bank.records import Broken, Detail, Head, Record, RefusedReturn, Totals, records_of
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.cells import cleaned, day_of
from hutong.law.bank_results import PAID, UNSETTLED, state_of
from hutong.law.identity import normalise
from hutong.law.money import read_yuan

MANGLED = re.compile(r"\d(\.\d+)?E\+\d+")
"""A number that a spreadsheet has rounded (被改写的编号)."""
NO_DAY = re.compile("0*")


@dataclass(frozen=True, slots=True)
class Result:
    """Result (支付结果) of an order: `state` is one of the law's, `code` and `words` are the bank's own."""

    number: str
    is_paid: bool
    state: str
    code: str
    words: str
    amount_fen: int
    on: date | None
    line: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Return (返回情况): its payment file, empty where that is not said, and the results in the order of the lines."""

    file_number: str
    results: tuple[Result, ...]
    faults: tuple[Fault, ...]


def read_return(layout: str, content: bytes, *, on: date) -> Returned:
    """Reads a file that came back on a day (读回返回文件); one that cannot be read is one fault and no result."""
    reading = _Reading(LAYOUTS[layout], on)
    try:
        for record in records_of(LAYOUTS[layout], content):
            if not reading.take(record):
                break
    except RefusedReturn as error:
        return Returned("", (), (Fault(error.code, values=error.values),))
    except RefusedFile as error:
        return Returned("", (), (Fault(error.code),))
    return reading.returned()


def held_against(returned: Returned, *, file_number: str, amounts: Mapping[str, int]) -> Returned:
    """A return held against the file that went out (与代发文件核对), whose `amounts` stand by the orders' numbers.

    Of another file's return nothing is taken; what was not ordered, or not with this sum, is a fault.
    """
    if returned.file_number and returned.file_number != file_number:
        said = {"found": returned.file_number, "file": file_number}
        return Returned(returned.file_number, (), (Fault("another_file", values=said),))
    faults = {result.number: _differs(result, amounts) for result in returned.results}
    taken = tuple(result for result in returned.results if faults[result.number] is None)
    return replace(returned, results=taken, faults=_by_line((*returned.faults, *filter(None, faults.values()))))


def _differs(result: Result, amounts: Mapping[str, int]) -> Fault | None:
    ordered = amounts.get(result.number)
    if ordered is None:
        return Fault("unknown_number", result.line, result.number, "number")
    if ordered != result.amount_fen:
        said = {"ordered_fen": str(ordered), "found_fen": str(result.amount_fen)}
        return Fault("amount_differs", result.line, result.number, "amount", said)
    return None


def _by_line(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line))


class _Reading:
    """What has been read of a file up to a line."""

    def __init__(self, layout: Layout, on: date) -> None:
        self._on = on
        self._amount: Callable[[str], int | None] = read_yuan if layout.separator else _figure
        self._file = ""
        self._results: dict[str, Result] = {}
        self._in_doubt: set[str] = set()
        self._faults: list[Fault] = []
        self._sums = _Sums()
        self._has_ended = False

    def take(self, record: Record) -> bool:
        """Whether the file goes on."""
        if self._has_ended or (isinstance(record, Broken) and record.code == "second_file"):
            self._faults.append(Fault("second_file", record.line))
            return False
        if isinstance(record, Broken):
            self._faults.append(Fault(record.code, record.line))
            self._sums.add(None, is_paid=None)
        elif isinstance(record, Detail):
            self._take_detail(record)
        elif self._is_of_this_file(record) and isinstance(record, Totals):
            self._has_ended = True
            self._faults += self._sums.faults(record, self._amount)
        return True

    def returned(self) -> Returned:
        """The results, and what is wrong in the order of the lines."""
        if not self._has_ended:
            self._faults.append(Fault("no_totals", stops_row=False))
        if not self._file:
            self._faults.append(Fault("no_file_number", column="file", stops_row=False))
        kept = tuple(result for number, result in self._results.items() if number not in self._in_doubt)
        return Returned(self._file, kept, _by_line(tuple(self._faults)))

    def _is_of_this_file(self, record: Detail | Head | Totals) -> bool:
        if not record.file.strip():
            return True
        number = _number(record.file)
        self._file = self._file or number
        if number == self._file:
            return True
        said = {"found": number, "file": self._file}
        self._faults.append(Fault("other_file_line", record.line, column="file", values=said))
        return False

    def _take_detail(self, record: Detail) -> None:
        amount = self._amount(record.amount)
        judged = self._judged(record, amount) if self._is_of_this_file(record) else None
        if isinstance(judged, Result):
            self._sums.add(amount, is_paid=judged.is_paid)
            self._keep(judged)
        else:
            self._sums.add(amount, is_paid=None)
            if judged:
                self._in_doubt.add(judged.number)
                self._faults.append(judged)

    def _keep(self, result: Result) -> None:
        before = self._results.setdefault(result.number, result)
        if not _is_same(before, result):
            self._in_doubt.add(result.number)
            said = {"lines": f"{before.line}、{result.line}"}
            self._faults.append(Fault("twice_differently", result.line, result.number, "number", said))

    def _judged(self, record: Detail, amount: int | None) -> Result | Fault:
        """The result of a line, or why it has none."""
        number, code = _number(record.number), cleaned(record.code)
        if fault := _fault_of_number(number):
            return Fault(fault, record.line, column="number")
        if amount is None:
            return Fault("amount_unreadable", record.line, number, "amount")
        if not code and not record.words:
            return Fault("result_missing", record.line, number, "code")
        state = state_of(code, record.words, on=self._on).code
        if state in UNSETTLED:
            return Fault(f"result_{state}", record.line, number, "words", {"words": record.words, "code": code})
        on = self._day(record, number)
        return Result(number, state == PAID, state, code, record.words, amount, on, record.line)

    def _day(self, record: Detail, number: str) -> date | None:
        """A day that is in doubt is told, and the result stands without one."""
        if NO_DAY.fullmatch(record.on):
            return None
        day = _day_of(record.on)
        if isinstance(day, date) and day <= self._on:
            return day
        code = "day_ahead" if isinstance(day, date) else "day_unreadable"
        self._faults.append(Fault(code, record.line, number, "on", stops_row=False))
        return None


class _Sums:
    """What the lines come to, as far as they could be read: None where one could not."""

    def __init__(self) -> None:
        self._count = 0
        self._amount: int | None = 0
        self._paid_count: int | None = 0
        self._paid_amount: int | None = 0

    def add(self, amount: int | None, *, is_paid: bool | None) -> None:
        self._count += 1
        self._amount = None if amount is None or self._amount is None else self._amount + amount
        if is_paid is None or self._paid_count is None or self._paid_amount is None or amount is None:
            self._paid_count = self._paid_amount = None
        elif is_paid:
            self._paid_count, self._paid_amount = self._paid_count + 1, self._paid_amount + amount

    def faults(self, totals: Totals, amount: Callable[[str], int | None]) -> Iterator[Fault]:
        """What of the trailer does not fit; paid totals that a bank leaves empty are not missed."""
        unfit = partial(_unfit, totals.line)
        yield from unfit("orders", totals.orders, self._count, _figure)
        yield from unfit("amount", totals.amount, self._amount, amount)
        if totals.paid_count.strip():
            yield from unfit("paid_count", totals.paid_count, self._paid_count, _figure)
        if totals.paid_amount.strip():
            yield from unfit("paid_amount", totals.paid_amount, self._paid_amount, amount)


def _unfit(
    line: int, column: str, said: str, counted: int | None, read: Callable[[str], int | None]
) -> Iterator[Fault]:
    found, unit = read(said), "_fen" if column.endswith("amount") else ""
    if found is None:
        yield Fault("total_unreadable", line, column=column, stops_row=False)
    elif counted is not None and found != counted:
        values = {f"found{unit}": str(found), f"counted{unit}": str(counted)}
        yield Fault(f"total_{column}", line, column=column, values=values, stops_row=False)


def _number(text: str) -> str:
    return text.upper() if text.isascii() and text.isalnum() else normalise(cleaned(text))


def _fault_of_number(number: str) -> str:
    if not number:
        return "number_missing"
    if MANGLED.fullmatch(number):
        return "number_mangled"
    return "" if NUMBER.fullmatch(number) else "number_unreadable"


def _is_same(one: Result, other: Result) -> bool:
    return (one.is_paid, one.state, one.amount_fen) == (other.is_paid, other.state, other.amount_fen)


def _figure(text: str) -> int | None:
    """`000000060000`, also in full width or with commas; nothing where there is more to it."""
    figure = normalise(text).replace(",", "")
    return int(figure) if figure.isascii() and figure.isdigit() else None


@lru_cache(maxsize=1000)
def _day_of(text: str) -> date | str:
    return day_of(text, cleaned(text))

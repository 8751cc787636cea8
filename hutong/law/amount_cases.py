"""Cases of amounts (金额案例): each month asked is answered and, where something is expected, compared."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from hutong.law.arrears import Answer, answer_months
from hutong.law.cases import Case, WrongCase
from hutong.law.citation import Line, to_confirm
from hutong.law.entitlement import entitlement_of
from hutong.law.faults import Fault, Faulty, fault_in
from hutong.law.months import Month
from hutong.law.parameters import Parameters
from hutong.law.rules import Rules

OF_RECOGNITION = frozenset({"outcome", "category", "also", "reasons"})
Said = dict[str, Any]


def answer_cases(cases: Iterable[Case | WrongCase], parameters: Parameters) -> list[Said]:
    """One answer for each case and month (案例答复); a case that cannot be answered has an `error` and its `fault`."""
    rules_of: Callable[[str], Rules] = cache(lambda place: Rules(parameters, place))
    return [said for case in cases for said in _answer(case, rules_of)]


def _answer(case: Case | WrongCase, rules_of: Callable[[str], Rules]) -> list[Said]:
    if isinstance(case, WrongCase):
        return [refused(case.name, case.fault)]
    try:
        return _months(case, rules_of(case.jurisdiction))
    except (ValueError, LookupError, OverflowError) as error:
        return [refused(case.name, fault_in(error))]


def _months(case: Case, rules: Rules) -> list[Said]:
    """The answers to a case; none to a case that only asks for a recognition."""
    if not case.months:
        if case.on is None:
            raise Faulty(Fault("missing", "case", "months"))
        return []
    expected = _expected(case)
    paid = case.child.paid if case.has_paid else None
    found = answer_months(entitlement_of(case.child, rules), case.months, paid=paid, cut_off=case.cut_off)
    return [_said(case, one, expected.get(one.month)) for one in found]


def _expected(case: Case) -> dict[Month, int]:
    expected = {key: fen for key, fen in (case.expect or {}).items() if key not in OF_RECOGNITION}
    try:
        read = {Month.read(month): int(fen) for month, fen in expected.items()}
    except (ValueError, TypeError) as error:
        raise Faulty(Fault("no_sum", "expect", said=str(error))) from error
    unasked = sorted(set(read) - set(case.months))
    if unasked:
        raise Faulty(Fault("not_among", "expect", values=tuple(map(str, unasked))))
    return read


def _said(case: Case, one: Answer, expected: int | None) -> Said:
    said: Said = {
        "name": case.name,
        "month": str(one.month),
        "amount_fen": one.amount_fen,
        "lines": [_line(line) for line in one.lines],
        "provisional": to_confirm(one.lines),
        "passed": None if expected is None else expected == one.amount_fen,
    }
    if case.has_paid:
        said["proposals"] = [{"month": str(over.month), "amount_fen": over.amount_fen} for over in one.proposals]
    return said


def _line(line: Line) -> Said:
    return {"code": line.code, "amount_fen": line.amount_fen, "text": line.text, "citation": line.citation.zh}


def refused(name: str, fault: Fault) -> Said:
    """The answer to a case that cannot be answered (案例无法回答)."""
    return {"name": name, "error": str(fault), "fault": fault, "passed": False}

"""How texts and cases that cannot be read are told of (案例文本有误), on pages and by commands."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hutong.law.faults import Fault
from hutong.law.texts import WrongText

SAID = {
    "no_keys": _lazy("keys and their values belong here, each as “key: value”."),
    "missing": _lazy("“%(key)s” is missing."),
    "no_list": _lazy("a list belongs here, in [ ] or with a “-” before each part."),
    "unknown": _lazy("the law knows no key %(all)s here. Compare its spelling."),
    "no_day": _lazy("“%(first)s” is no day. Write it as 2026-03-07."),
    "no_month": _lazy("“%(first)s” is no month. Write it as 2026-03."),
    "no_code": _lazy("“%(first)s” is no division code. Write 2, 4, 6, 9 or 12 digits."),
    "no_truth": _lazy("write true or false, not “%(first)s”."),
    "no_number": _lazy("“%(first)s” is no whole number. Sums are in fen."),
    "no_cut_off": _lazy("“%(first)s” is no day of a month. Write a number from 1 to 31."),
    "no_grade": _lazy("“%(first)s” is no grade. Write a number from 1 to 4."),
    "not_one_of": _lazy("“%(first)s” cannot stand here. One of these can: %(rest)s."),
    "no_aid": _lazy("write either fen_per_month, or household_fen_per_month together with members."),
    "no_sum": _lazy("write each month with its sum in fen, as 2026-01: 164000."),
    "not_among": _lazy("%(all)s is expected, but is not among the months asked for."),
    "no_codes": _lazy("“also” and “reasons” are lists of codes."),
    "none_of": _lazy("one of these can be expected: %(all)s."),
    "no_rule": _lazy("the law says nothing for this day and place (%(said)s)."),
    "other": _lazy("this cannot be worked out (%(said)s)."),
}
BRANCHES = frozenset({"child", "expect"})
"""Parts of a case that are named by no key above them."""


def fault_of(wrong: WrongText) -> str:
    """Where the text goes wrong, and how it is mended."""
    if wrong.line:
        return _(
            "Line %(line)s, or the one before it, cannot be read. Indent with spaces, close every bracket and every "
            "quotation mark, and write no key twice."
        ) % {"line": wrong.line}
    return _("Write the cases as a list, each beginning with “- name:”.")


def case_fault_of(fault: Fault) -> str:
    """Where a case goes wrong, key by key, and how it is mended (案例有误)."""
    steps = list(_steps(fault))
    words = str(SAID[steps[-1].code]) % _values(steps[-1])
    where = " › ".join(_keys(steps))
    return f"{where}: {words}" if where else words


def _steps(fault: Fault | None) -> Iterator[Fault]:
    """A fault, and those that stand under it."""
    while fault:
        yield fault
        fault = fault.inner


def _keys(steps: list[Fault]) -> Iterator[str]:
    if steps[0].where in BRANCHES:
        yield steps[0].where
    yield from (step.key for step in steps if step.key and step.code != "missing")


def _values(fault: Fault) -> dict[str, str]:
    first, *rest = fault.values or ("",)
    return {
        "key": fault.key,
        "said": fault.said,
        "first": first,
        "rest": ", ".join(rest),
        "all": ", ".join(fault.values),
    }

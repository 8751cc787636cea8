"""What the commands on law cases share: reading a file of cases, answering each, counting and printing the answers."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from hutong.console.printing import Refusal, Status, answer
from hutong.governance.wording import case_fault_of, fault_of
from hutong.law.amount_cases import refused
from hutong.law.cases import Case, WrongCase, read_cases
from hutong.law.faults import fault_in
from hutong.law.texts import WrongText

Cases = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, help=_("The cases, as YAML."), metavar="CASES"),
]
Answer = dict[str, Any]
"""Answer (答复): what a case is answered with; `passed` where something was expected, `error` where there is none.

`error` is English, for programs; its `fault` is said to people and not printed as JSON.
"""


def read(file: Path) -> list[Case | WrongCase]:
    """The cases of a file. Refuses what is no list of cases."""
    try:
        return read_cases(file.read_text(encoding="utf-8-sig"), name=file.name)
    except UnicodeDecodeError as error:
        raise Refusal(_("%(file)s is no text in UTF-8.") % {"file": file.name}) from error
    except WrongText as error:
        raise Refusal(f"{file.name}: {fault_of(error)}") from error


def answers(cases: Iterable[Case | WrongCase], of_case: Callable[[Case], list[Answer]]) -> list[Answer]:
    """The answers of all cases (全部答复), in their order; a case that cannot be answered says why."""
    return [one for case in cases for one in _of_one(case, of_case)]


def _of_one(case: Case | WrongCase, of_case: Callable[[Case], list[Answer]]) -> list[Answer]:
    if isinstance(case, WrongCase):
        return [refused(case.name, case.fault)]
    try:
        return of_case(case)
    except (ValueError, LookupError, OverflowError) as error:
        return [refused(case.name, fault_in(error))]


def finish(found: list[Answer], text: str, *, as_json: bool) -> None:
    """Prints the answers with their counts; ends with the status for findings where one disagrees or is wrong."""
    disagree = sum(one["passed"] is False for one in found)
    document: Mapping[str, Any] = {
        "cases": [{key: value for key, value in one.items() if key != "fault"} for one in found],
        "agree": sum(one["passed"] is True for one in found),
        "disagree": disagree,
    }
    counts = _("%(agree)s agree, %(disagree)s disagree.") % document
    answer(document, f"{text}\n\n{counts}", as_json=as_json)
    if disagree:
        raise typer.Exit(Status.FOUND)


def source(part: Answer, one: Answer) -> str:
    """What a reason or a line of an answer rests on, and whether that is still to be confirmed."""
    said: str = part["citation"]
    return said + _(" (to be confirmed)") if part["code"] in one["provisional"] else said


def mark(one: Answer) -> str:
    """How an answer compares with what was expected, in a word."""
    if "error" in one:
        return _("error")
    return {True: _("agrees"), False: _("disagrees"), None: ""}[one["passed"]]


def why_not(one: Answer) -> str:
    """Why a case is not answered, in the reader's language."""
    return case_fault_of(one["fault"])

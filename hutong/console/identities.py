"""The command that judges identity numbers; needs no database."""

import re
from datetime import date
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.accounts.clock import today
from hutong.console.printing import AsJson, Status, answer
from hutong.kit.staging import Problem
from hutong.law.division_code import PROVINCES
from hutong.law.identity import (
    TEST_PREFIX,
    IdNumber,
    Sex,
    Verdict,
    is_credit_code,
    judge_id_number,
    normalise,
)
from hutong.registry.intake.problems import sentence

ID, CREDIT_CODE = "id", "credit_code"
SEX_NAMES = {Sex.MALE: "male", Sex.FEMALE: "female"}
CREDIT_CODE_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")  # GB 32100 leaves I, O, S, V and Z out
ABROAD = ("83", "9")  # residence permits of people from Taiwan, and of foreigners
WARNINGS = {
    "test_number": gettext_lazy("It begins with 99: a test number, nobody's."),
    "unknown_province": gettext_lazy("No province has its first two digits."),
}


def identity(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…", help=_("ID numbers or credit codes."))],
    as_json: AsJson = False,
) -> None:
    """Judges identity numbers (核对证件号码) and credit codes; of one alone its keys stand on top, too."""
    judged = [_judged(number, on=today()) for number in numbers]
    document = {**(judged[0] if len(judged) == 1 else {}), "numbers": judged}
    answer(document, "\n".join(f"{one['number']}  {one['message']}" for one in judged), as_json=as_json)
    if any(one["verdict"] == Verdict.INVALID for one in judged):
        raise typer.Exit(Status.FOUND)


def _judged(text: str, *, on: date) -> dict[str, Any]:
    number = judge_id_number(text, on=on, tests_allowed=not settings.PRODUCTION)
    is_code = number.verdict == Verdict.INVALID and _is_meant_as_credit_code(text)
    return _credit_code(text) if is_code else _id_number(text, number)


def _is_meant_as_credit_code(text: str) -> bool:
    compact = normalise(text)
    is_written_so = CREDIT_CODE_FORM.fullmatch(compact) is not None and not compact[:17].isdigit()
    return is_written_so or is_credit_code(text)


def _credit_code(text: str) -> dict[str, Any]:
    compact = normalise(text)
    if not is_credit_code(text):
        verdict, message = Verdict.INVALID, _("The check character of this credit code does not fit. Check it.")
    elif compact != text:
        verdict, message = Verdict.NORMALISE, _("Right, written another way: %(number)s.") % {"number": compact}
    else:
        verdict, message = Verdict.VALID, _("Right.")
    return _document(text, CREDIT_CODE, verdict, compact, message)


def _id_number(text: str, number: IdNumber) -> dict[str, Any]:
    warnings = _warnings(number)
    words = [_message(text, number), *(str(WARNINGS[code]) for code in warnings)]
    document = _document(text, ID, number.verdict, number.normalised, " ".join(words))
    return document | {
        "birth_date": number.birth_date,
        "sex": SEX_NAMES[number.sex] if number.sex else None,
        "warnings": warnings,
    }


def _message(text: str, number: IdNumber) -> str:
    if number.fault == "empty":
        return _("There is no number.")
    if number.fault:
        return sentence(Problem(f"id_{number.fault}", values={"length": str(len(normalise(text)))}))
    if number.verdict == Verdict.NORMALISE:
        return _("Right, written another way: %(number)s.") % {"number": number.normalised}
    return _("Right.")


def _warnings(number: IdNumber) -> list[str]:
    """What a person should know of a number that is right: never a reason to refuse it."""
    if number.normalised.startswith(TEST_PREFIX):
        return ["test_number"]
    place = number.normalised[:2]
    return ["unknown_province"] if place and not (place in PROVINCES or place.startswith(ABROAD)) else []


def _document(text: str, kind: str, verdict: Verdict, compact: str, message: str) -> dict[str, Any]:
    return {
        "number": text,
        "kind": kind,
        "verdict": verdict,
        "normalised": compact if verdict != Verdict.INVALID else None,
        "birth_date": None,
        "sex": None,
        "warnings": [],
        "message": message,
    }

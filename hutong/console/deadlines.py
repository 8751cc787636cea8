"""The command that says when something is due; needs no database."""

import re
from datetime import date
from typing import Annotated

import typer
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.governance.calendars import calendar_in_force
from hutong.law.calendar import NO_JURISDICTION, Why
from hutong.law.citation import cite
from hutong.law.deadlines import Deadline, by_working_days
from hutong.law.division_code import PROVINCES, is_prefix

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
YEARS = range(1949, 2200)
MOST_DAYS = 5000


def deadline(
    received: Annotated[str, typer.Option(help=_("The day of receipt, like 2025-03-01; it is not counted."))],
    working_days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help=_("How many working days."))],
    jurisdiction: Annotated[str, typer.Option(help=_("Code or prefix of a place with days of its own."))] = "",
    as_json: AsJson = False,
) -> None:
    """The last of so many working days (办理期限) with the days counted and skipped; needs no database."""
    due = by_working_days(_day(received), working_days, jurisdiction=_place(jurisdiction), calendar=calendar_in_force())
    document = {
        "due_on": due.due_on,
        "counted": due.counted,
        "skipped": [{"date": day, "why": why} for day, why in due.skipped],
        "provisional": due.is_provisional,
        "citation": cite(due.rule).zh,
    }
    answer(document, _as_text(due), as_json=as_json)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Refusal(_("--received takes a day like 2025-03-01."), Status.WRONG_CALL)
    return day


def _place(code: str) -> str:
    if code and code != NO_JURISDICTION and not (is_prefix(code) and code[:2] in PROVINCES):
        sentence = _("--jurisdiction takes a division code of 2, 4, 6, 9 or 12 digits, or 00 for the whole country.")
        raise Refusal(sentence, Status.WRONG_CALL)
    return code


def _as_text(due: Deadline) -> str:
    words = {
        Why.WEEKEND: _("weekend"),
        Why.HOLIDAY: _("public holiday"),
        Why.LOCAL_HOLIDAY: _("holiday of this place"),
    }
    lines = [_("Due on %(day)s, working day %(count)s.") % {"day": _written(due.due_on), "count": len(due.counted)}]
    lines += [
        _("%(day)s is not counted: %(why)s.") % {"day": _written(day), "why": words[why]} for day, why in due.skipped
    ]
    if due.is_provisional:
        lines.append(_("Provisional: the notice of holidays of a year it needs is not there or not confirmed."))
    citation = cite(due.rule)
    lines.append(citation.zh if (get_language() or "").startswith("zh") else citation.en)
    return "\n".join(lines)


def _written(day: date) -> str:
    return f"{day} {formats.date_format(day, 'D')}"

"""The command for a year's notice of holidays: `hutong holidays` reads it, and loads it where somebody says so."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.console.children import person_of_option
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.governance.actions.notices import Pasted, ReadNotice, load_notice, read_notice
from hutong.law.calendar import NO_JURISDICTION


def holidays(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help=_("The words of the notice."), metavar="FILE"),
    ],
    year: Annotated[int, typer.Option(help=_("The year it is for."))],
    number: Annotated[str, typer.Option(help=_("Its number, as it is printed."))],
    issued: Annotated[str, typer.Option(help=_("The day it was issued, like 2025-11-04."))],
    place: Annotated[str, typer.Option(help=_("Code of the province; 00 for the whole country."))] = NO_JURISDICTION,
    by: Annotated[str, typer.Option(help=_("User name of whoever loads it; without it, it is only read."))] = "",
    as_json: AsJson = False,
) -> None:
    """Reads a notice of holidays (节假日通知) and, with --by, loads it: deadlines are counted by it from now on."""
    pasted = Pasted(
        prefix=place.removeprefix(NO_JURISDICTION),
        year=year,
        number=number,
        issued_on=_day(issued),
        text=_text_of(file),
    )
    try:
        found = read_notice(pasted)
        if by:
            _load(pasted, by)
    except Refused as refused:
        raise Refusal(str(refused.reason)) from refused
    document = {
        "year": year,
        "holidays": [{"name": one.name, "from": one.from_on, "until": one.until_on} for one in found.said.holidays],
        "workdays": list(found.said.workdays),
        "unread": list(found.said.unread),
        "loaded": bool(by),
    }
    answer(document, _as_text(found, is_loaded=bool(by)), as_json=as_json)


@with_database()
def _load(pasted: Pasted, username: str) -> None:
    load_notice(by=person_of_option(username), pasted=pasted, on=today(), at=timezone.now())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(_("--issued takes a day like 2025-11-04."), Status.WRONG_CALL) from error


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(_("%(file)s is no text in UTF-8.") % {"file": file.name}) from error


def _as_text(found: ReadNotice, *, is_loaded: bool) -> str:
    lines = [f"{one.name}  {one.from_on} – {one.until_on}" for one in found.said.holidays]
    lines += [_("worked: %(day)s") % {"day": day} for day in found.said.workdays]
    lines += [_("no day off was found under: %(name)s") % {"name": name} for name in found.said.unread]
    lines.append(_("Loaded.") if is_loaded else _("Only read. With --by it is loaded."))
    return "\n".join(lines)

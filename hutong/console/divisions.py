"""The command for divisions: `hutong recode` gives places another code or name, and children follow."""

import csv
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from hutong.accounts.actions.divisions import Recode, RefusedRecodes, recode_divisions
from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.console.children import By, person_of_option
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.registry.actions.recoding import Followed, follow_recode

COLUMNS = ("from", "to", "name", "on", "document")


@with_database()
def recode(
    by: By,
    from_code: Annotated[str, typer.Argument(metavar="FROM", help=_("The code as it is."))] = "",
    to_code: Annotated[str, typer.Argument(metavar="TO", help=_("The code that comes; the same for a new name."))] = "",
    name: Annotated[str, typer.Option(help=_("The name from that day on; empty keeps it."))] = "",
    on: Annotated[str, typer.Option(help=_("The first day of the new code, like 2025-03-01."))] = "",
    document: Annotated[str, typer.Option(help=_("The document that ordered it."))] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help=_("Many at once: a CSV of from,to,name,on,document.")
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recodes places (变更区划代码) and lets children and tasks follow; with no place, lets them follow alone."""
    lines = (
        _lines_of(file) if file else [(0, dict(zip(COLUMNS, (from_code, to_code, name, on, document), strict=True)))]
    )
    if not file and not from_code and not to_code:
        lines = []
    person = person_of_option(by)
    problems = {number: problem for number, line in lines if (problem := _unreadable(line))}
    changed, followed = 0, Followed(0, 0, [])
    if not problems:
        problems, changed = _recode(lines, by=person)
    if not problems:
        followed = follow_recode(by=person, on=today())
    _tell(problems, changed, followed, as_json=as_json)


def _lines_of(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The lines of a file with their numbers; a file of other columns is refused as a whole."""
    reader = csv.DictReader(StringIO(_text_of(file)))
    if reader.fieldnames is None or [name.strip() for name in reader.fieldnames] != list(COLUMNS):
        raise Refusal(_("The first line must be: %(columns)s") % {"columns": ",".join(COLUMNS)})
    reader.fieldnames = COLUMNS
    return [(reader.line_num, {name: (line.get(name) or "").strip() for name in COLUMNS}) for line in reader]


def _text_of(file: Path) -> str:
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(_("The file is no text in UTF-8 or GB18030."))


def _unreadable(line: dict[str, str]) -> str:
    try:
        date.fromisoformat(line["on"])
    except ValueError:
        return _("This is not a date. Write it like 2015-03-07.")
    return ""


def _recode(lines: list[tuple[int, dict[str, str]]], *, by: Person) -> tuple[dict[int, str], int]:
    """The problems by line number, or how many codes changed."""
    try:
        return {}, recode_divisions(by=by, recodes=[_recode_of(line) for _, line in lines], on=today())
    except RefusedRecodes as refused:
        return {lines[at][0]: str(problem) for at, problem in refused.problems.items()}, 0
    except Refused as refused:
        raise Refusal(str(refused.reason)) from refused


def _recode_of(line: dict[str, str]) -> Recode:
    return Recode(line["from"], line["to"], line["name"], date.fromisoformat(line["on"]), line["document"])


def _tell(problems: dict[int, str], changed: int, followed: Followed, *, as_json: bool) -> None:
    document = {
        "recoded": changed,
        **asdict(followed),
        "problems": [{"line": number or None, "message": message} for number, message in problems.items()],
    }
    answer(document, "\n".join(_sentences(problems, changed, followed)), as_json=as_json)
    if problems:
        raise typer.Exit(Status.FOUND)


def _sentences(problems: dict[int, str], changed: int, followed: Followed) -> Iterator[str]:
    for number, message in problems.items():
        yield _("Line %(number)s: %(message)s") % {"number": number, "message": message} if number else message
    if problems:
        yield _("Nothing has been changed.")
        return
    yield _("%(recoded)s codes changed; %(children)s children and %(tasks)s open tasks follow.") % {
        "recoded": changed,
        "children": followed.children,
        "tasks": followed.tasks,
    }
    if followed.split:
        yield _("To be assigned by hand, for these were split: %(codes)s") % {"codes": "、".join(followed.split)}

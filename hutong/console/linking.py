"""The command that finds records of one child in a list."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.table import Table

from hutong.console.printing import AsJson, Refusal, answer
from hutong.kit.uploads import RefusedFile
from hutong.kit.workbooks.text import read_text
from hutong.registry.intake.lists import places_of, record_of
from hutong.registry.linkage.model import THRESHOLD, Found, Model
from hutong.registry.linkage.record import Record
from hutong.registry.linkage.wording import Line, lines

SHOWN = 40


def link(
    list_: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=_("The list, as CSV."), metavar="LIST")
    ],
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, help=_("The least probability of a pair that is printed."))
    ] = THRESHOLD,
    as_json: AsJson = False,
) -> None:
    """Finds the pairs of a list that are one child (匹配), with why; needs no database."""
    records = read_records(list_.read_bytes())
    found = Model.load().pairs(records, threshold)
    explained = [lines(one) for one in found.explained()]
    pairs = [
        {
            "left": records[pair.left].key,
            "right": records[pair.right].key,
            "probability": round(pair.probability, 6),
            "why": [line._asdict() for line in why],
        }
        for pair, why in zip(found, explained, strict=True)
    ]
    document = {"rows": len(records), "threshold": threshold, "pairs": pairs}
    answer(document, _as_text(records, found, explained), as_json=as_json)


def _as_text(records: list[Record], found: Found, explained: list[list[Line]]) -> Table:
    title = _("%(rows)s rows, %(pairs)s pairs") % {"rows": len(records), "pairs": len(found)}
    more = len(found) - SHOWN
    caption = _("… and %(more)s more; --json tells all.") % {"more": more} if more > 0 else None
    table = Table(_("Pair"), _("Probability"), _("Why, and what it weighs"), title=title, caption=caption, box=None)
    for pair, why in list(zip(found, explained, strict=True))[:SHOWN]:
        keys = f"{records[pair.left].key} = {records[pair.right].key}"
        table.add_row(keys, f"{pair.probability:.4f}", "\n".join(f"{line.weight:+.1f}  {line.text}" for line in why))
    return table


def read_records(content: bytes) -> list[Record]:
    """The records of a CSV with a column `id` and any of the known columns, by code or by Chinese header."""
    header, *rows = _rows(content)
    places = _places(header)
    records = [record_of({code: row[at] for code, at in places.items() if at < len(row)}) for row in rows]
    twice = [key for key, count in Counter(record.key for record in records).items() if count > 1]
    if twice:
        raise Refusal(_("The id %(id)s stands there twice; each row needs one of its own.") % {"id": twice[0] or "“”"})
    return records


def _rows(content: bytes) -> list[list[str]]:
    try:
        rows, _by_spaces = read_text(content)
    except RefusedFile as refused:
        raise Refusal(_("This file cannot be read as CSV. Save it as CSV in UTF-8 and try again.")) from refused
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        raise Refusal(_("The file holds no rows below its headers."))
    return filled


def _places(header: list[str]) -> dict[str, int]:
    places = places_of(header)
    if "key" not in places:
        raise Refusal(_("The column id is missing: add one with a different value in each row."))
    if len(places) < 2:
        known = ", ".join(Record._fields[1:])
        raise Refusal(_("Beside id no known column is there. Known are: %(columns)s.") % {"columns": known})
    return places

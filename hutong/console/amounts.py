"""The command that counts the allowance of law cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _
from rich.table import Table

from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.law.amount_cases import answer_cases
from hutong.law.cases import Case, WrongCase, read_cases
from hutong.law.money import yuan
from hutong.law.parameters import shipped
from hutong.law.texts import WrongText


def amount(
    cases: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=_("The cases, as YAML."), metavar="CASES")
    ],
    as_json: AsJson = False,
) -> None:
    """Counts the allowance of law cases month by month (核算), with lines and citations; needs no database."""
    found = answer_cases(_read(cases), shipped())
    counted = {
        "cases": found,
        "agree": sum(one["passed"] is True for one in found),
        "disagree": sum(one["passed"] is False for one in found),
    }
    answer(counted, _as_table(counted), as_json=as_json)
    if counted["disagree"]:
        raise typer.Exit(Status.FOUND)


def _read(file: Path) -> list[Case | WrongCase]:
    try:
        return read_cases(file.read_text(encoding="utf-8-sig"), name=file.name)
    except UnicodeDecodeError as error:
        raise Refusal(_("%(file)s is no text in UTF-8.") % {"file": file.name}) from error
    except WrongText as error:
        raise Refusal(str(error)) from error


def _as_table(counted: Mapping[str, Any]) -> Table:
    caption = _("%(agree)s agree, %(disagree)s disagree.") % counted
    table = Table(_("Case"), _("Month"), _("Amount"), caption=caption, box=None)
    table.add_column(_("Lines"), overflow="fold")
    table.add_column(_("Compared"))
    for one in counted["cases"]:
        if "error" in one:
            table.add_row(one["name"], "", "", one["error"], _("error"))
        else:
            table.add_row(one["name"], one["month"], yuan(one["amount_fen"]), _lines(one), _mark(one))
    return table


def _lines(one: Mapping[str, Any]) -> str:
    lines = [f"{line['amount_fen'] / 100:+.2f}  {line['text']}，{line['citation']}" for line in one["lines"]]
    overpaid = [
        _("overpaid for %(month)s: %(amount)s") % {"month": proposal["month"], "amount": yuan(proposal["amount_fen"])}
        for proposal in one.get("proposals", ())
    ]
    return "\n".join([*lines, *overpaid])


def _mark(one: Mapping[str, Any]) -> str:
    return {True: _("agrees"), False: _("disagrees"), None: ""}[one["passed"]]

"""The command that says what the columns of an unknown sheet hold."""

from collections.abc import Sequence
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.table import Table

from hutong.accounts.clock import today
from hutong.console.children import By, batch_of_argument, judge_and_answer, person_of_option, refusals
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.kit.workbooks.columns import clean_header
from hutong.kit.workbooks.preview import Preview
from hutong.registry.actions import matching
from hutong.registry.actions.changes import WrongValues
from hutong.registry.intake.columns import CHILDREN
from hutong.registry.intake.problems import matching_sentence

Said = Sequence[str] | None


def match(
    batch: Annotated[int, typer.Argument(help=_("Number of the batch."))],
    by: By,
    column: Annotated[
        list[str] | None, typer.Option(help=_("HEADER=COLUMN, what a column of the sheet holds; repeat it."))
    ] = None,
    every: Annotated[
        list[str] | None, typer.Option(help=_("COLUMN=VALUE, what holds for every row; repeat it."))
    ] = None,
    sheet: Annotated[int | None, typer.Option(help=_("Which sheet, counted from 1."))] = None,
    header_row: Annotated[int | None, typer.Option(help=_("The row with the headers; 0 where there is none."))] = None,
    as_json: AsJson = False,
) -> None:
    """Says what the columns of an unknown sheet hold (列对应) and checks its rows; without --column it lists them."""
    with with_database(), refusals():
        person = person_of_option(by)
        staged = batch_of_argument(batch, person)
        page = None if sheet is None else sheet - 1
        shown = matching.look_at_columns(by=person, batch=staged, on=today(), page=page, header_row=header_row)
        if not (column or every):
            _list(shown, as_json=as_json)
            return
        try:
            staged = matching.match_columns(
                by=person,
                batch=staged,
                page=shown.layout.page,
                header_row=shown.layout.header_row,
                codes=_codes(shown, column),
                fixed={_code(name): value for name, value in _pairs(every)},
                on=today(),
            )
        except WrongValues as wrong:
            raise Refusal(" ".join(matching_sentence(problem) for problem in wrong.problems)) from wrong
        judge_and_answer(staged, as_json=as_json)


def _list(shown: Preview, *, as_json: bool) -> None:
    table = Table(_("Column"), _("Is read as"), _("What stands there"), box=None, pad_edge=False)
    lines = [
        {"column": one.at + 1, "header": one.header, "read_as": one.code, "proposed": one.is_proposed}
        for one in shown.columns
    ]
    for one in shown.columns:
        code = CHILDREN.header_of(one.code) + (" ?" if one.is_proposed else "")
        table.add_row(one.header or str(one.at + 1), code, " · ".join(one.samples))
    answer({"header_row": shown.layout.header_row, "columns": lines}, table, as_json=as_json)


def _codes(shown: Preview, said: Said) -> dict[int, str]:
    """What the headers say already, and what was said now: by header, or by number where there is none."""
    codes = {column.at: column.code for column in shown.columns if column.code and not column.is_proposed}
    positions = {column.header: column.at for column in shown.columns if column.header}
    positions |= {str(column.at + 1): column.at for column in shown.columns}
    for header, name in _pairs(said):
        if clean_header(header) not in positions:
            raise Refusal(_("The sheet has no column %(header)s.") % {"header": header}, Status.WRONG_CALL)
        codes[positions[clean_header(header)]] = _code(name)
    return codes


def _pairs(said: Said) -> list[tuple[str, str]]:
    if any("=" not in one for one in said or ()):
        raise Refusal(_("Write it as NAME=VALUE."), Status.WRONG_CALL)
    return [(one.split("=", 1)[0].strip(), one.split("=", 1)[1].strip()) for one in said or ()]


def _code(name: str) -> str:
    code = CHILDREN.code_of(clean_header(name))
    if code is None:
        raise Refusal(_("There is no column %(name)s in the template.") % {"name": name}, Status.WRONG_CALL)
    return code

"""Commands for payments: prepare a monthly run, explain a child's month."""

from typing import Annotated, Any

import typer
from django.db import transaction
from django.utils.translation import gettext as _
from rich.console import Group
from rich.table import Table

from hutong.accounts.actions.trail import record
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances import run_queries as queries
from hutong.allowances.actions import running
from hutong.allowances.models import Run, RunLine
from hutong.allowances.payments import Payment, facts_document, lines_of_month, lines_shown
from hutong.console.children import Division, person_of_option, prefix_of_option, refusals
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer
from hutong.law.division_code import full
from hutong.law.holds import HOLDS
from hutong.law.identity import read_file_number
from hutong.law.money import yuan
from hutong.law.months import Month
from hutong.registry.actions.opening import look
from hutong.registry.models import Child
from hutong.registry.queries import child_with_number, may_for

SHOWN = 40
MonthArgument = Annotated[str, typer.Argument(help=_("Month, for example 2026-11."))]


def run(
    month: MonthArgument,
    division: Division,
    by: Annotated[str, typer.Option("--by", help=_("User name of whoever does this."))],
    as_json: AsJson = False,
) -> None:
    """Prepares a monthly run (生成月度核定): who is paid how much, who waits, what differs from the month before."""
    wanted, prefix = _month(month), prefix_of_option(division)
    if not prefix:
        raise Refusal(_("--division takes a code of 2, 4, 6, 9 or 12 digits."), Status.WRONG_CALL)
    with with_database(), refusals():
        person = person_of_option(by)
        made = running.prepare(by=person, division_code=full(prefix), month=wanted, on=today())
        document = _run_document(made)
    answer(document, _run_text(document), as_json=as_json)


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except ValueError as error:
        raise Refusal(_("A month is written like 2026-11."), Status.WRONG_CALL) from error


def _run_document(made: Run) -> dict[str, Any]:
    pays, earlier = queries.figure(queries.lines(made, queries.PAYS)), queries.before(made)
    held = queries.lines(made, "held").values_list("child__file_number", "month", "hold")
    return {
        "run": made.pk,
        "month": str(Month.of(made.month)),
        "lines": pays.lines,
        "children": pays.children,
        "total_fen": pays.fen,
        "held": [{"child": child, "month": str(Month.of(month)), "reason": hold} for child, month, hold in held],
        "overpaid": queries.overpaid(made).count(),
        "compared_with_last_month": _compared(made, earlier) if earlier else None,
    }


def _compared(made: Run, earlier: Run) -> dict[str, Any]:
    return {
        "run": earlier.pk,
        "month": str(Month.of(earlier.month)),
        "total_fen": queries.figure(queries.lines(earlier, queries.PAYS)).fen,
        "added": [_said(one, amount_fen=one.amount_fen) for one in queries.added(made, earlier)],
        "dropped": [_said(one, reason=getattr(one, "why", "")) for one in queries.dropped(made, earlier)],
        "changed": [
            _said(
                one, before_fen=getattr(one, "before_fen", 0), amount_fen=one.amount_fen, reason=getattr(one, "why", "")
            )
            for one in queries.changed(made, earlier)
        ],
    }


def _changed(line: RunLine) -> dict[str, object]:
    before, why = getattr(line, "before_fen", 0), getattr(line, "why", "")
    return _said(line, before_fen=before, amount_fen=line.amount_fen, reason=why)


def _said(line: RunLine, **more: object) -> dict[str, object]:
    return {"child": line.child.file_number} | more


def _run_text(document: dict[str, Any]) -> Group:
    said = {"run": document["run"], "lines": document["lines"], "yuan": yuan(document["total_fen"])}
    parts: list[Any] = [_("Run %(run)s: %(lines)s lines, %(yuan)s.") % said]
    if document["held"]:
        table = Table(_("File number"), _("Month"), _("Why"), box=None, pad_edge=False)
        for one in document["held"][:SHOWN]:
            table.add_row(one["child"], one["month"], HOLDS[one["reason"]].title_zh)
        parts += [_("%(count)s lines wait:") % {"count": len(document["held"])}, table]
    if more := len(document["held"]) - SHOWN:
        parts += [_("… and %(more)s more; --json lists them all.") % {"more": more}] if more > 0 else []
    if compared := document["compared_with_last_month"]:
        counts = {name: len(compared[name]) for name in ("added", "dropped", "changed")}
        words = _("Compared with %(month)s: %(added)s added, %(dropped)s dropped, %(changed)s with another amount.")
        parts.append(words % (counts | {"month": compared["month"]}))
    return Group(*parts)


def explain(
    child: Annotated[str, typer.Argument(help=_("File number of the child."))],
    month: MonthArgument,
    by: Annotated[str, typer.Option("--by", help=_("User name of whoever looks; without it the operator does."))] = "",
    as_json: AsJson = False,
) -> None:
    """Explains a child's month (金额由来): every line with facts, rule and citation, and the sum."""
    wanted = _month(month)
    number = read_file_number(child)
    if number is None:
        raise Refusal(_("One character of the file number is wrong. Compare it with the paper."), Status.WRONG_CALL)
    with with_database(), refusals():
        file, sensitive = _opened(number, person_of_option(by) if by else None)
        document = _explained(number, wanted, lines_of_month(file.leading, wanted), sensitive=sensitive)
    answer(document, _explained_text(document), as_json=as_json)


@transaction.atomic
def _opened(number: str, person: Person | None) -> tuple[Child, bool]:
    """The child, with the look recorded; what somebody may not see does not exist for them."""
    file = look(by=person, file_number=number, on=today()) if person else child_with_number(number)
    if file is None:
        raise Refusal(_("There is no file %(number)s.") % {"number": number}, Status.WRONG_CALL)
    if person is None:
        place = file.leading.responsible_code
        record(by=None, act="open_child", subject_kind="child", subject_key=number, division_code=place, on=today())
    return file, person is None or may_for(person, Permission.SEE_SENSITIVE, file, on=today())


def _explained(number: str, month: Month, payments: list[Payment], *, sensitive: bool) -> dict[str, Any]:
    return {
        "child": number,
        "month": str(month),
        "amount_fen": sum(one.line.amount_fen for one in payments if not one.line.hold),
        "lines": [_line(one, month, sensitive=sensitive) for one in payments],
    }


def _line(payment: Payment, month: Month, *, sensitive: bool) -> dict[str, Any]:
    line = payment.line
    return {
        "run": line.run_id,
        "state": line.run.state,
        "kind": line.kind,
        "category": line.category,
        "amount_fen": line.amount_fen,
        "hold": line.hold or None,
        "facts": facts_document(line.basis, month) if sensitive else None,
        "cut_off_on": line.run.cut_off_on,
        "rule": lines_shown(line.basis, sensitive=sensitive),
        "attempts": [
            {"number": one.number, "batch": one.batch.number, "state": one.state, "code": one.code or None,
             "answered_on": one.answered_on}
            for one in payment.attempts
        ],
    }  # fmt: skip


def _explained_text(document: dict[str, Any]) -> str:
    if not document["lines"]:
        return _("No run says anything of %(child)s for %(month)s.") % document
    parts = [f"{document['child']}  {document['month']}  {yuan(document['amount_fen'])}"]
    for line in document["lines"]:
        waits = HOLDS[line["hold"]].title_zh if line["hold"] else ""
        run = _("run %(run)s") % {"run": line["run"]}
        parts.append("  ".join(filter(None, ("", run, line["kind"], yuan(line["amount_fen"]), waits))))
        parts += [f"    {one['amount_fen'] / 100:+.2f}  {one['text']}，{one['citation']}" for one in line["rule"]]
        parts += [
            f"    {one['number']}  {one['state']}  {one['answered_on'] or ''}".rstrip() for one in line["attempts"]
        ]
    return "\n".join(parts)

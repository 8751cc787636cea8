"""Commands for children workbooks: template, check, import, admit, withdraw."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rich.console import Group
from rich.table import Table

from hutong.accounts.actions.guard import Refused
from hutong.accounts.clock import today
from hutong.accounts.models import Person
from hutong.accounts.queries import person_named
from hutong.console.database import with_database
from hutong.console.printing import AsJson, Refusal, Status, answer, progress, say
from hutong.divisions.queries import places_from_list
from hutong.divisions.reference import listed
from hutong.kit.staging import ADMISSIBLE, Opened, Problem, RowProblem, State, Verdict, count_verdicts
from hutong.kit.uploads import RefusedFile
from hutong.law.division_code import is_prefix
from hutong.registry import batches, jobs
from hutong.registry.actions import admission, cancelling, judging, staging, withdrawal
from hutong.registry.intake.answer import as_document, row_problems
from hutong.registry.intake.checking import judge_sheet, open_children
from hutong.registry.intake.judge import NoRegister, Register
from hutong.registry.intake.reading import Circumstances
from hutong.registry.intake.returning import marked_children
from hutong.registry.intake.template import children_template
from hutong.registry.models import ImportBatch
from hutong.registry.queries import RowsRegister, batch_problems, rows_admitted, rows_left
from hutong.registry.queries import batches as batches_seen

PROBLEMS_SHOWN = 40
_CHECK_INTERRUPTED = _lazy(
    "Interrupted. The same command again checks batch %(number)s anew; `hutong cancel %(number)s --by …` drops it."
)
_ADMISSION_INTERRUPTED = _lazy(
    "Interrupted; what is in stays in. The same command again goes on with batch %(number)s; `hutong cancel %(number)s "
    "--by …` ends it here, `hutong withdraw %(number)s --by …` takes it back."
)
Workbook = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=_("The workbook."))]
By = Annotated[str, typer.Option("--by", help=_("User name of whoever does this."))]
Division = Annotated[str, typer.Option("--division", help=_("Code or prefix of the place."))]


@contextmanager
def refusals() -> Iterator[None]:
    """Turns what a verb refuses into one sentence and a status (命令行拒绝)."""
    try:
        yield
    except Refused as refused:
        raise Refusal(str(refused.reason)) from refused


def template(
    noun: Annotated[str, typer.Argument(help="children")],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Where to write the workbook."))],
    division: Division = "",
    as_json: AsJson = False,
) -> None:
    """Writes the import template, pre-filled for a place (导入模板)."""
    if noun != "children":
        raise Refusal(_("There is a template for: children."), Status.WRONG_CALL)
    prefix = prefix_of_option(division) or settings.PROVINCE
    _require_writable(output)
    with output.open("wb") as file:
        children_template(file, prefix=prefix)
    answer({"file": str(output)}, _("The template is in %(file)s.") % {"file": output}, as_json=as_json)


def check(
    workbook: Workbook,
    division: Division = "",
    no_register: Annotated[bool, typer.Option("--no-register", help=_("Judge the file alone."))] = False,
    returned: Annotated[Path | None, typer.Option(help=_("Write the file back with the bad cells marked."))] = None,
    as_json: AsJson = False,
) -> None:
    """Judges a workbook without admitting it (检查表格)."""
    prefix = prefix_of_option(division) or settings.PROVINCE
    if returned:
        _require_writable(returned)
    content = workbook.read_bytes()
    with nullcontext() if no_register else with_database():
        given, register = _against(prefix, no_register=no_register)
        opened = open_children(content, name=workbook.name)
        counts, problems = _judge(opened, given, register, prefix)
    if returned:
        _return_marked(content, returned, problems, opened)
    document = _document(opened.rows, counts, problems)
    answer(document, _as_text(document), as_json=as_json)
    _end(document)


def _against(prefix: str, *, no_register: bool) -> tuple[Circumstances, Register]:
    if no_register:
        places = places_from_list()
        return Circumstances(today(), places, settings.PROVINCE, not settings.PRODUCTION, prefix), NoRegister()
    return staging.circumstances(on=today(), within=prefix), RowsRegister()


def _judge(
    opened: Opened, given: Circumstances, register: Register, prefix: str
) -> tuple[dict[str, int], list[RowProblem]]:
    counts: Counter[str] = Counter()
    problems = [RowProblem(None, problem) for problem in opened.problems]
    if opened.sheet and opened.is_readable:
        problems += opened.notes
        with progress() as bar:
            task = bar.add_task(_("Checking rows"), total=opened.rows)
            judged = judge_sheet(
                opened.sheet, given=given, covers=lambda code: code.startswith(prefix), register=register
            )
            for rows in judged.slices:
                counts.update(row.verdict for row in rows)
                problems += row_problems(rows)
                bar.advance(task, len(rows))
            problems = sorted(problems + judged.at_the_end(), key=lambda one: one.row or 0)
    return count_verdicts(counts), problems


def _return_marked(content: bytes, target: Path, problems: list[RowProblem], opened: Opened) -> None:
    try:
        if opened.sheet is None:
            raise RefusedFile("unreadable")
        marked = marked_children(content, layout=opened.sheet.layout, problems=problems)
    except RefusedFile:
        say(_("This file cannot be given back marked. Save it as a new .xlsx in Excel or WPS and send that one."))
        return
    with target.open("wb") as file:
        file.writelines(marked)
    say(_("The marked workbook is in %(file)s.") % {"file": target})


def _require_writable(target: Path) -> None:
    if target.is_dir() or not target.absolute().parent.is_dir():
        sentence = _("%(file)s cannot be written: its folder must be there, and it must not be a folder itself.")
        raise Refusal(sentence % {"file": target}, Status.WRONG_CALL)


def import_(
    workbook: Workbook,
    by: By,
    division: Division = "",
    as_json: AsJson = False,
) -> None:
    """Checks and stages a workbook (导入表格); the same file twice gives the same batch."""
    prefix, content = prefix_of_option(division), workbook.read_bytes()
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        _answer_unopened(Problem("too_large"), as_json=as_json)
    with with_database(), refusals():
        batch = staging.receive(
            by=person_of_option(by), content=content, name=workbook.name, on=today(), division=prefix
        )
        judge_and_answer(batch, as_json=as_json)


@contextmanager
def interruptible(sentence: str) -> Iterator[None]:
    """An interrupt (中断) ends the command with a sentence that says how to go on; the slice in hand is taken back."""
    try:
        yield
    except KeyboardInterrupt:
        raise Refusal(sentence) from None


def judge_and_answer(batch: ImportBatch, *, as_json: bool) -> None:
    """Judges a batch that waits for it, and prints what was found (检查并作答)."""
    if batch.state == State.RECEIVED:
        with interruptible(_CHECK_INTERRUPTED % {"number": batch.pk}), progress() as bar:
            task = bar.add_task(_("Checking rows"), total=None)
            batch = judging.judge(
                batch=batch,
                on=today(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    counts = {verdict: batch.counts.get(verdict, 0) for verdict in Verdict.values}
    document = _document(batch.rows_total, counts, list(batch_problems(batch))) | {"batch": batch.pk}
    parts: list[Any] = [_("Batch %(number)s") % {"number": batch.pk}, _as_text(document)]
    if batch.state == State.UNMATCHED:
        parts.append(_("`hutong match %(number)s` lists its columns and takes what they hold.") % {"number": batch.pk})
    answer(document, Group(*parts), as_json=as_json)
    _end(document)


def _answer_unopened(problem: Problem, *, as_json: bool) -> None:
    document = _document(0, count_verdicts(Counter()), [RowProblem(None, problem)]) | {"batch": None}
    answer(document, _as_text(document), as_json=as_json)
    _end(document)


def admit(
    batch: Annotated[int, typer.Argument(help=_("Number of the batch."))],
    by: By,
    only: Annotated[str, typer.Option(help=_("Verdicts to admit, separated by commas; by default new."))] = "",
    as_json: AsJson = False,
) -> None:
    """Admits a batch as a second person (入库); goes on with an admission that was interrupted."""
    chosen = [verdict.strip() for verdict in only.split(",") if verdict.strip()]
    if set(chosen) - set(ADMISSIBLE) or (only and not chosen):
        raise Refusal(_("--only takes: new, changed"), Status.WRONG_CALL)
    with with_database(), refusals():
        person = person_of_option(by)
        staged = batch_of_argument(batch, person)
        chosen = chosen or (staged.only if staged.state == State.ADMITTING else [Verdict.NEW])
        admitted = _admit(staged, person, chosen)
        jobs.find_in_batch.defer(batch_id=staged.pk)
        left = _left(staged)
    document = {"admitted": admitted, "left": left}
    text = _("%(admitted)s rows admitted, %(left)s left.") % {"admitted": admitted, "left": len(left)}
    answer(document, text, as_json=as_json)


def _admit(batch: ImportBatch, person: Person, only: list[str]) -> int:
    total = rows_left(batch).filter(verdict__in=only).count()
    with interruptible(_ADMISSION_INTERRUPTED % {"number": batch.pk}), progress() as bar:
        task = bar.add_task(_("Admitting rows"), total=total)
        return admission.admit(
            by=person,
            batch=batch,
            on=today(),
            only=only,
            progress=lambda done: bar.update(task, completed=done),
        )


def cancel(
    batch: Annotated[int, typer.Argument(help=_("Number of the batch."))],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Cancels a check or an admission that runs or was interrupted (取消)."""
    with with_database(), refusals():
        person = person_of_option(by)
        staged = cancelling.cancel(by=person, batch=batch_of_argument(batch, person), on=today())
        document = {"batch": staged.pk, "state": staged.state, "admitted": rows_admitted(staged)}
    stopped = _("The admission is ended; %(admitted)s rows are in.") % {"admitted": document["admitted"]}
    text = stopped if staged.state == State.ADMITTED else _("The check is cancelled; nothing has come in.")
    answer(document, text, as_json=as_json)


def withdraw(
    batch: Annotated[int, typer.Argument(help=_("Number of the batch."))],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Withdraws what nobody has built on (撤回); what stays is listed with the reason."""
    with with_database(), refusals():
        person = person_of_option(by)
        staged = batch_of_argument(batch, person)
        counts = withdrawal.withdraw(by=person, batch=staged, on=today())
        left = [
            {"row": row.number, "verdict": row.verdict, "reason": row.built_on}
            for row in batches.staying(staged).defer("payload", "before")
        ]
    document = {"admitted": len(left), "left": left, "removed": counts["removed"], "restored": counts["restored"]}
    text = _("%(removed)s children removed, %(restored)s changes taken back, %(left)s rows stay.") % {
        "removed": counts["removed"],
        "restored": counts["restored"],
        "left": len(left),
    }
    answer(document, text, as_json=as_json)


def _left(batch: ImportBatch) -> list[dict[str, object]]:
    return [
        {"row": number, "verdict": verdict} for number, verdict in rows_left(batch).values_list("number", "verdict")
    ]


def prefix_of_option(division: str) -> str:
    """The prefix that --division names (区划前缀); empty where it was not given."""
    prefix = division
    for length in (9, 6, 4, 2):
        if len(division) == 12 and not division[length:].strip("0"):
            prefix = division[:length]
    if prefix and not is_prefix(prefix):
        raise Refusal(_("--division takes a code of 2, 4, 6, 9 or 12 digits."), Status.WRONG_CALL)
    if prefix and not any(line.code.startswith(prefix) for line in listed(settings.PROVINCE)):
        raise Refusal(_("No division of this province has the code %(code)s.") % {"code": division}, Status.WRONG_CALL)
    return prefix


def person_of_option(username: str) -> Person:
    """The person that --by names (办理人)."""
    person = person_named(username)
    if person is None:
        raise Refusal(_("Nobody here has the user name %(name)s.") % {"name": username}, Status.WRONG_CALL)
    return person


def batch_of_argument(number: int, by: Person) -> ImportBatch:
    """The batch that a number names (批次); what somebody may not see does not exist for them."""
    batch = batches_seen(by, on=today()).filter(pk=number).first()
    if batch is None:
        raise Refusal(_("There is no batch %(number)s.") % {"number": number}, Status.WRONG_CALL)
    return batch


def _document(rows: int, counts: dict[str, int], problems: list[RowProblem]) -> dict[str, Any]:
    return {"rows": rows, "verdicts": counts, "problems": [as_document(problem) for problem in problems]}


def _as_text(document: dict[str, Any]) -> Group:
    counts = Table(box=None, pad_edge=False)
    for verdict in Verdict:
        counts.add_column(str(verdict.label), justify="right")
    counts.add_row(*(str(document["verdicts"][verdict]) for verdict in Verdict))
    problems = Table(_("Row"), _("Column"), _("What is wrong, and how to mend it"), box=None, pad_edge=False)
    for problem in document["problems"][:PROBLEMS_SHOWN]:
        problems.add_row(str(problem["row"] or ""), problem["column"] or "", problem["message"])
    more = len(document["problems"]) - PROBLEMS_SHOWN
    parts: list[Any] = [_("%(rows)s rows") % {"rows": document["rows"]}, counts]
    if document["problems"]:
        parts += ["", problems]
    if more > 0:
        parts.append(_("… and %(more)s more; --returned writes them all into the workbook.") % {"more": more})
    return Group(*parts)


def _end(document: dict[str, Any]) -> None:
    bad = ("possible", "repeat", "outside", "invalid")
    if any(document["verdicts"][verdict] for verdict in bad) or (document["problems"] and not document["rows"]):
        raise typer.Exit(Status.FOUND)

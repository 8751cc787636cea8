"""Checking with other departments: questions go out, answers are recorded, nothing is decided by them."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record, record_many
from hutong.accounts.documents import civil_affairs_office
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import kin_of
from hutong.allowances.actions.stepping import require_known, require_words
from hutong.allowances.claims import AskedOf, read, written, written_values
from hutong.allowances.enquiries import CHECKED_IN, Enquired, enquiries
from hutong.allowances.models import Application, DataBatch, DataCheck
from hutong.allowances.models.application import Step
from hutong.allowances.models.data_check import ANSWERED_BY_AT_MOST, Way
from hutong.allowances.queries import place_of, to_check
from hutong.gateways.exchange.locking import new_password
from hutong.gateways.exchange.questions import Answer, Problem, Question, Receipt, Returned, receipt_for
from hutong.gateways.exchange.returned import read_returned
from hutong.gateways.exchange.writing import Office, write_workbooks
from hutong.law.data_checks import Fault, SourceAnswer, compare, faults
from hutong.law.data_sources import Outcome, Topic, Value, topic
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.law.identity import judge_id_number
from hutong.law.parameters import shipped
from hutong.law.rules import Rules
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.actions.kinship import families_of

SUBJECT = "data_batch"
"""What the trail calls a batch."""
NUMBER_BYTES = 12


@dataclass(frozen=True)
class Asking:
    """What became of asking (发出结果): a batch for each office, and the questions nobody can be found by."""

    batches: tuple[DataBatch, ...]
    unnamed: tuple[Enquired, ...]


@transaction.atomic
def ask_departments(*, by: Person, applications: Collection[Application] | None = None, on: date) -> Asking:
    """Ask other departments (发起部门核对) what is not asked yet, of these applications or of all that wait.

    Who has no name or ID number is not asked about and is told of. Raises NotAllowed, and Refused where nothing waits.
    """
    for application in applications or ():
        require(by, Permission.CHECK_DATA, code=application.file.responsible_code, on=on)
    rows = to_check(by, on=on).select_for_update(of=("self",))
    if applications is not None:
        rows = rows.filter(pk__in=[one.pk for one in applications])
    waiting = [one for one in enquiries(list(rows), on=on) if one.waits]
    named: dict[str, list[Enquired]] = defaultdict(list)
    for one in waiting:
        if one.is_named:
            named[_county(one.application)].append(one)
    if not waiting:
        raise Refused(_("There is nothing to ask."))
    batches = tuple(_give_out(asked, county, by=by, on=on) for county, asked in named.items())
    return Asking(batches, tuple(one for one in waiting if not one.is_named))


def _county(application: Application) -> str:
    return full(application.file.responsible_code[: LENGTH_OF[Level.COUNTY]])


def _give_out(asked: Sequence[Enquired], county: str, *, by: Person, on: date) -> DataBatch:
    numbered = {secrets.token_hex(NUMBER_BYTES): one for one in asked}
    questions = [_question(number, one.key, one.asked_of, on=on) for number, one in numbered.items()]
    receipt = receipt_for(questions, on=on, due_on=due_on("answer_data_check", on=on, jurisdiction=county))
    batch = DataBatch.objects.create(
        number=receipt.batch,
        division_code=county,
        asked_on=on,
        due_on=receipt.due_on,
        password=new_password(),
        by=by,
    )
    DataCheck.objects.bulk_create([_asked(one, number, batch, on=on) for number, one in numbered.items()])
    _record_children("data_check_ask", [one.application for one in asked], batch, by=by, on=on)
    _record_batch("data_batch_ask", batch, {"questions": len(asked)}, by=by, on=on)
    return batch


def _question(number: str, key: tuple[str, str, str, str], asked: AskedOf, *, on: date) -> Question:
    source, asks, _whose, _item = key
    return Question(number, source, asks, asked.name, asked.id_number, on)


def _asked(one: Enquired, number: str, batch: DataBatch | None, *, on: date) -> DataCheck:
    source, asks, whose, item = one.key
    return DataCheck(
        application=one.application,
        batch=batch,
        number=number,
        source=source,
        asks=asks,
        whose=whose,
        item=item,
        as_of=on,
        claim=written(one.asked_of),
    )


def receipt_of(batch: DataBatch) -> Receipt:
    """The receipt of a batch (发出回执) as it went out."""
    questions = tuple(
        _question(check.number, check.key, read(check.claim.open()), on=check.as_of)
        for check in batch.checks.order_by("id")
    )
    return Receipt(batch.number, questions, batch.asked_on, batch.due_on)


@transaction.atomic
def fetch_workbook(*, by: Person, batch: DataBatch, source: str, on: date) -> tuple[Receipt, bytes]:
    """Fetch the workbook of one source (取出核对表): made anew each time and kept nowhere.

    Raises NotAllowed, and LookupError for a source that the batch does not ask.
    """
    require(by, Permission.CHECK_DATA, code=batch.division_code, on=on)
    whole = receipt_of(batch)
    asked = tuple(question for question in whole.questions if question.source == source)
    if not asked:
        raise LookupError(source)
    _record_batch("data_batch_fetch", batch, {"source": source}, by=by, on=on)
    receipt = Receipt(whole.batch, asked, whole.asked_on, whole.due_on)
    office = Office(civil_affairs_office(batch.division_code).name, batch.by.name)
    return receipt, write_workbooks(receipt, office, password=batch.password.open())[source]


@dataclass(frozen=True)
class Recorded:
    """What was recorded of what came back (登记结果): new answers, those known already, what is wrong, what waits."""

    new: int
    known: int
    problems: tuple[Problem, ...]
    waiting: int


def take_return(*, by: Person, batch: DataBatch, content: bytes, on: date) -> Recorded:
    """Take a workbook that came back (接收返回核对表). Raises NotAllowed, and RefusedReturn where it is not read."""
    require(by, Permission.CHECK_DATA, code=batch.division_code, on=on)
    returned = read_returned(content, receipt_of(batch), password=batch.password.open(), on=on)
    return take_answers(by=by, batch=batch, returned=returned, on=on)


@transaction.atomic
def take_answers(*, by: Person, batch: DataBatch, returned: Returned, on: date) -> Recorded:
    """Record answers (登记答复). One that is recorded stays as it is: the same again changes nothing, another is told.

    Raises NotAllowed.
    """
    require(by, Permission.CHECK_DATA, code=batch.division_code, on=on)
    checks = _locked_checks(batch, [answer.number for answer in returned.answers])
    kin = _of_kin(by, checks.values(), on=on)
    problems, recorded, known = list(returned.problems), [], 0
    for answer in returned.answers:
        check = checks[answer.number]
        if check.verdict:
            known += _is_same(check, answer)
            problems += [] if _is_same(check, answer) else [_problem("answered_before", check)]
        elif check.pk in kin:
            problems.append(_problem("own_family", check))
        else:
            _answer(check, answer, Way.FILE, by=by)
            recorded.append(check)
    if recorded:
        _record_children("data_check_answer", [check.application for check in recorded], batch, by=by, on=on)
        _record_batch("data_batch_return", batch, {"answers": len(recorded), "problems": len(problems)}, by=by, on=on)
    waiting = sum(1 for number in returned.waiting if number in {one.number for one in batch.checks.filter(verdict="")})
    return Recorded(len(recorded), known, tuple(problems), waiting)


def _locked_checks(batch: DataBatch, numbers: Sequence[str]) -> dict[str, DataCheck]:
    """The questions by number, their applications locked: nobody decides one while its answer is recorded."""
    found = batch.checks.filter(number__in=numbers)
    about = Application.objects.select_for_update(of=("self",)).filter(pk__in=found.order_by().values("application"))
    applications = {one.pk: one for one in about.select_related("child__canonical").order_by("pk")}
    checks = {check.number: check for check in found.select_for_update().order_by("pk")}
    for check in checks.values():
        check.application = applications[check.application_id]
    return checks


def _of_kin(by: Person, checks: Iterable[DataCheck], *, on: date) -> set[int]:
    """The questions about families in which somebody has declared kin (涉及亲属的问题), by id."""
    files = {check.pk: check.application.file.pk for check in checks}
    theirs = families_of(kin_of(by, on=on), set(files.values()))
    return {pk for pk, file in files.items() if file in theirs}


def _problem(code: str, check: DataCheck) -> Problem:
    return Problem(code, topic(check.source, check.asks).title_zh)


def _is_same(check: DataCheck, answer: Answer) -> bool:
    kept = written_values(answer.values)
    return check.values is not None and (check.outcome, check.values.open()) == (answer.outcome, kept)


def _answer(check: DataCheck, answer: Answer, way: Way, *, by: Person) -> None:
    """Puts an answer to its question, with what the law says of it as of the day that was asked about."""
    rules = Rules(shipped(), check.application.division_code).on(check.as_of)
    said = SourceAnswer(check.source, answer.outcome, answer.values, answer.answered_on)
    finding = compare(read(check.claim.open()).claim, said, rules)
    check.outcome, check.values = answer.outcome.value, written_values(answer.values)
    check.answered_on, check.answered_by = answer.answered_on, answer.answered_by[:ANSWERED_BY_AT_MOST]
    check.way, check.recorded_by, check.recorded_at = way, by, timezone.now()
    check.verdict, check.code, check.text = finding.verdict.value, finding.code, finding.text
    check.citation = finding.citation.zh
    check.save()


class WrongValues(Refused):
    """An answer that cannot be true (答复错误): `faults` name the fields."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(_("This answer cannot be true. Look it up again."))
        self.faults = tuple(faults)


@transaction.atomic
def record_by_hand(
    *,
    by: Person,
    application: Application,
    handle: str,
    outcome: str,
    values: Mapping[str, Value],
    answered_by: str,
    words: str,
    on: date,
) -> DataCheck:
    """Record what somebody looked up (人工查询登记) in a department's own system: who, and in words how.

    `handle` is that of the enquiry. Raises NotAllowed, WrongValues and Refused.
    """
    locked_child(application.file, by=by, on=on)
    now = Application.objects.select_for_update().get(pk=application.pk)
    require_known(by, now, on=on)
    require(by, Permission.CHECK_APPLICATIONS, code=place_of(now, Step.CHECK), on=on)
    if now.state not in CHECKED_IN:
        raise Refused(_("Only applications that are being checked are checked with other departments."))
    found = {one.handle: one for one in enquiries([now], on=on)}.get(handle)
    if found is None:
        raise Refused(_("The file says something else by now. Load the page again."))
    check = _asked(found, secrets.token_hex(NUMBER_BYTES), None, on=on)
    check.words = require_words(words)
    answer = Answer(check.number, _outcome(outcome, values), dict(values), on, _who(answered_by))
    _require_possible(found, answer)
    _answer(check, answer, Way.MANUAL, by=by)
    _record_children("data_check_by_hand", [now], None, by=by, on=on)
    return check


def _outcome(outcome: str, values: Mapping[str, Value]) -> Outcome:
    if outcome not in list(Outcome):
        raise Refused(_("Say whether somebody was found."))
    if values and outcome != Outcome.FOUND:
        raise Refused(_("Something is filled in although nobody was found. Choose “found”, or empty the fields."))
    return Outcome(outcome)


def _who(answered_by: str) -> str:
    if not answered_by.strip():
        raise Refused(_("Say who looked it up, and in which office."))
    return answered_by.strip()


def _require_possible(found: Enquired, answer: Answer) -> None:
    asked, on = found.asked_of, answer.answered_on
    born_on = asked.claim.born_on or judge_id_number(asked.id_number, on=on, tests_allowed=True).birth_date
    known = {"born_on": born_on, "lived_on": asked.claim.lived_on}
    if wrong := list(faults(topic_of(found), answer.values, on, **known)):
        raise WrongValues(wrong)


def _record_children(
    act: str, applications: Iterable[Application], batch: DataBatch | None, *, by: Person, on: date
) -> None:
    """An entry for each child whose data were asked for or answered."""
    files = {one.file.file_number: one.file.responsible_code for one in applications}
    details = {"batch": batch.pk} if batch else {}
    record_many(by=by, act=act, subject_kind="child", subjects=list(files.items()), on=on, details=details)


def _record_batch(act: str, batch: DataBatch, details: Mapping[str, object], *, by: Person, on: date) -> None:
    record(
        by=by,
        act=act,
        subject_kind=SUBJECT,
        subject_key=str(batch.pk),
        division_code=batch.division_code,
        on=on,
        details=details,
    )


def sources_of(batch: DataBatch) -> dict[str, tuple[int, int]]:
    """How many questions each source was asked, and how many of them it has answered (各来源进度)."""
    rows = list(batch.checks.order_by("source", "id").values_list("source", "verdict"))
    asked, answered = Counter(source for source, _v in rows), Counter(source for source, verdict in rows if verdict)
    return {source: (count, answered[source]) for source, count in asked.items()}


def topic_of(one: Enquired) -> Topic:
    """What the source answers to an enquiry (答复项)."""
    return topic(one.enquiry.source, one.enquiry.claim.fact.kind)

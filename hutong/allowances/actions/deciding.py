"""The county's decision: another person than those who accepted and checked, with the law's answer beside it."""

import json
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import IssuedDocument, Person
from hutong.allowances.actions.issuing import issue_decision
from hutong.allowances.actions.stepping import (
    Taken,
    locked,
    require_another,
    require_late_reason,
    require_words,
    require_words_against,
    take,
    tell,
)
from hutong.allowances.cases import Case, case_of
from hutong.allowances.models import Application, Decision
from hutong.allowances.models.application import Opinion, Step
from hutong.allowances.models.decision import Outcome
from hutong.law.applying import GROUNDS
from hutong.law.categories import Basis
from hutong.law.months import Month
from hutong.law.recognition import Outcome as Answer
from hutong.registry.actions.changes import require_decided, require_open, write_change
from hutong.registry.actions.holding import held_from, hold, put_ended, require_free, require_none_paid
from hutong.registry.models import Child
from hutong.registry.models.change import Kind


class CaseChanged(Refused):
    """The case is not what was looked at any more (案情已变)."""

    is_question = True

    def __init__(self) -> None:
        super().__init__(_("Something in this case has changed since you opened it. Look at it again, then decide."))


@transaction.atomic
def confirm(
    *, by: Person, application: Application, mark: str, words: str = "", late_reason: str = "", on: date
) -> Decision:
    """Confirm (确认): the child is recognised, paid for from the month after. `mark` is that of the case looked at.

    Against the township's opinion, the law's answer or a department's only in words. Raises NotAllowed, CaseChanged
    and Refused.
    """
    application, case, late_reason = _to_decide(application, Step.CONFIRM, by=by, mark=mark, late=late_reason, on=on)
    decision = _recognise(case, words, by=by, on=on)
    _finish(application, Step.CONFIRM, words, late_reason, by=by, on=on)
    _hold(case, issue_decision(case, decision, by=by, on=on), by=by, on=on)
    return decision


def _recognise(case: Case, words: str, *, by: Person, on: date, round: int = 1) -> Decision:
    """The decision that recognises, where nothing stands against it."""
    child, category = case.application.file, case.application.category
    require_open(child)
    require_decided(child)
    require_free(child, category, on)
    require_none_paid(child, on)
    require_words_against(case, words)
    differs = not case.fits or case.application.opinion == Opinion.DISAGREES or bool(case.contradictions)
    words = require_words(words, wanted=differs)
    return _write(case, Outcome.CONFIRMED, differs=differs, words=words, by=by, on=on, round=round)


def _hold(case: Case, letter: IssuedDocument, *, by: Person, on: date) -> None:
    """The category that the child holds from now on, by the number of the letter; a change of the file."""
    child, category = case.application.file, case.application.category
    _end_search(child, on=on)
    hold(child, category, from_on=on, decision_number=letter.number, basis=_basis(case))
    after = {"category": category, "category_from": on.isoformat(), "decision_number": letter.number}
    write_change(by=by, child=child, kind=Kind.ALTER, on=on, reason="happened", after=after)


def _basis(case: Case) -> Basis | None:
    """What the holding rests on under seal (密封依据); None: as before."""
    if case.application.is_confidential:
        return case.application.basis
    return Basis.ADOPTED if case.answer.category == "adopted_disabled" else None


def _end_search(child: Child, *, on: date) -> None:
    """A foundling whose parents were not found is sought no more (查找结束): the category of the search ends."""
    for held in held_from(child, on).filter(category="abandoned", from_on__lt=on):
        put_ended(held, on - timedelta(days=1))


@transaction.atomic
def refuse(
    *, by: Person, application: Application, mark: str, ground: str, words: str, late_reason: str = "", on: date
) -> Decision:
    """Do not confirm (不予确认): with a ground and in words, which the family reads. `mark` as for `confirm`.

    Raises NotAllowed, CaseChanged and Refused.
    """
    application, case, late_reason = _to_decide(application, Step.REFUSE, by=by, mark=mark, late=late_reason, on=on)
    if ground not in GROUNDS:
        raise Refused(_("Choose the ground."))
    words = require_words(words)
    differs = case.fits or application.opinion == Opinion.AGREES
    decision = _write(case, Outcome.REFUSED, differs=differs, words=words, ground=ground, by=by, on=on)
    _finish(application, Step.REFUSE, words, late_reason, by=by, on=on)
    issue_decision(case, decision, by=by, on=on)
    return decision


@transaction.atomic
def uphold(*, by: Person, application: Application, mark: str, words: str, on: date) -> Decision:
    """Uphold a refusal (维持不予确认) after looking again, in words, which the family reads. Raises as `refuse`."""
    application, case = _to_review(application, Step.UPHOLD, by=by, mark=mark, on=on)
    first = application.decisions.get(round=1)
    words, differs = require_words(words), case.fits
    decision = _write(case, Outcome.REFUSED, differs=differs, words=words, ground=first.ground, by=by, on=on, round=2)
    _finish_review(application, Step.UPHOLD, words, by=by, on=on)
    issue_decision(case, decision, by=by, on=on)
    return decision


@transaction.atomic
def overturn(*, by: Person, application: Application, mark: str, words: str, on: date) -> Decision:
    """Confirm after all (复核后确认), in words; paid for from the month after. Raises as `confirm`."""
    application, case = _to_review(application, Step.OVERTURN, by=by, mark=mark, on=on)
    words = require_words(words)
    decision = _recognise(case, words, by=by, on=on, round=2)
    _finish_review(application, Step.OVERTURN, words, by=by, on=on)
    _hold(case, issue_decision(case, decision, by=by, on=on), by=by, on=on)
    return decision


def _to_review(application: Application, step: Step, *, by: Person, mark: str, on: date) -> tuple[Application, Case]:
    application, case, _late_reason = _to_decide(application, step, by=by, mark=mark, late="", on=on)
    require_another(by, application.decided_by_id)
    return application, case


def _finish_review(application: Application, step: Step, words: str, *, by: Person, on: date) -> None:
    application.reviewed_on, application.reviewed_by, application.told_on = on, by, None
    take(application, Taken(step, words=words), by=by, on=on)
    _tell(application, on=on)


@transaction.atomic
def send_back(*, by: Person, application: Application, words: str, on: date) -> Application:
    """Send back (退回乡镇) with what is still to be found out; the days run on. Raises NotAllowed and Refused."""
    application = locked(application, by=by, step=Step.SEND_BACK, on=on)
    require_another(by, application.accepted_by_id, application.checked_by_id)
    application.checked_on, application.checked_by, application.opinion = None, None, ""
    return take(application, Taken(Step.SEND_BACK, words=require_words(words)), by=by, on=on)


def _to_decide(
    application: Application, step: Step, *, by: Person, mark: str, late: str, on: date
) -> tuple[Application, Case, str]:
    application = locked(application, by=by, step=step, on=on)
    require_another(by, application.accepted_by_id, application.checked_by_id)
    case = case_of(application, on=on)
    if case.mark != mark:
        raise CaseChanged
    return application, case, require_late_reason(application, late, on=on)


def _write(
    case: Case,
    outcome: Outcome,
    *,
    differs: bool,
    words: str,
    by: Person,
    on: date,
    ground: str = "",
    round: int = 1,
) -> Decision:
    reasons = [
        {"code": reason.code, "text": reason.text, "citation": reason.citation.zh} for reason in case.answer.reasons
    ]
    is_confirmed = outcome == Outcome.CONFIRMED
    decision: Decision = Decision.objects.create(
        application=case.application,
        round=round,
        outcome=outcome,
        ground=ground,
        answer=Answer(case.answer.outcome).value,
        answer_category=case.answered,
        reasons=json.dumps(reasons, ensure_ascii=False),
        differs=differs,
        words=words or None,
        from_month=Month.of(on).plus(1).first if is_confirmed else None,
        on=on,
        by=by,
    )
    return decision


def _finish(application: Application, step: Step, words: str, late_reason: str, *, by: Person, on: date) -> None:
    application.decided_on, application.decided_by = on, by
    take(application, Taken(step, words=words, late_reason=late_reason), by=by, on=on)
    _tell(application, on=on)


def _tell(application: Application, *, on: date) -> None:
    """The village and the township, who tell the family."""
    home = application.division_code
    wanted = [("village_director", home), ("township_supervisor", home)]
    if application.received_at:
        wanted.append(("township_supervisor", application.received_at))
    tell(application, f"application_{application.state}", wanted, on=on)

"""Ending a recognition: proposed by one person, decided by another, told to the family with the way to object."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.actions.notices import notify
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.issuing import issue_for_recognition
from hutong.allowances.actions.recognised import finish, locked, reasons_document, tell
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.models import RecognitionEnd
from hutong.allowances.models.recognition import EndStage
from hutong.allowances.recognition_letters import end_letter
from hutong.allowances.recognitions import SUBJECT, Recognised
from hutong.law.calendar import age_on
from hutong.law.categories import age_limit
from hutong.law.recognition_review import ENDINGS, GROWN_UP, STUDIES_ENDED, Finding, first_unpaid
from hutong.registry.actions.changes import require_decided, write_change
from hutong.registry.actions.holding import put_ended
from hutong.registry.models import CategoryHolding
from hutong.registry.models.change import Kind

OF_AGE = (GROWN_UP, STUDIES_ENDED)


@transaction.atomic
def propose_end(
    *, by: Person, holding: CategoryHolding, mark: str, reason: str, happened_on: date, words: str = "", on: date
) -> RecognitionEnd:
    """Propose that a recognition ends (提请终止), with the reason and its day; in words where the law finds otherwise.

    It goes on until another person confirms it. Raises NotAllowed, CaseChanged and Refused.
    """
    now = locked(holding, by=by, permission=Permission.REVIEW_RECOGNITIONS, on=on, mark=mark)
    return put_proposed(now, reason, happened_on=happened_on, words=words, by=by, on=on)


def put_proposed(
    now: Recognised, reason: str, *, happened_on: date | None, words: str, by: Person, on: date
) -> RecognitionEnd:
    """Propose the end of what is locked (落实提请). Raises Refused."""
    if reason not in ENDINGS:
        raise Refused(_("Choose a reason."))
    if now.end:
        raise Refused(_("Its end is proposed already and waits for a second person."))
    if happened_on is None or not now.file.birth_date <= happened_on <= on:
        raise Refused(_("The day lies between the child's birth and today."))
    if reason in OF_AGE and age_on(now.file.birth_date, happened_on) < age_limit(happened_on):
        raise Refused(_("On that day the child had not reached 18."))
    place, examined = now.file.responsible_code, now.shown_to(by)
    differs = examined.finding is not Finding.ENDS
    month, _citation = first_unpaid(ENDINGS[reason], happened_on, jurisdiction=place)
    end = RecognitionEnd.objects.create(
        child=now.holding.child,
        holding=now.holding,
        division_code=place,
        reason=reason,
        happened_on=happened_on,
        from_month=month.first,
        answer=examined.finding.value,
        reasons=reasons_document(examined.answer.reasons),
        differs=differs,
        words=require_words(words, wanted=differs) or None,
        on=on,
        by=by,
    )
    finish(now, "propose_end", by=by, on=on, end=end.pk)
    return end


@transaction.atomic
def confirm_end(*, by: Person, holding: CategoryHolding, mark: str, words: str = "", on: date) -> RecognitionEnd:
    """Confirm an end (确认终止): the category ends with the last month paid, and the family gets a letter.

    Another person than who proposed it; in words where the law finds otherwise. Raises NotAllowed, CaseChanged and
    Refused.
    """
    now, end = _to_decide(holding, by=by, mark=mark, on=on)
    require_decided(now.file)
    end.answer_words = require_words(words, wanted=now.examination.finding is not Finding.ENDS) or None
    _decide(end, EndStage.CONFIRMED, by=by, on=on)
    until_on = max(end.from_month - timedelta(days=1), now.holding.from_on)
    put_ended(now.holding, until_on)
    after = {"category": now.holding.category, "category_until": until_on.isoformat()}
    if now.holding.child_id != now.file.pk:
        after["file"] = now.holding.child.file_number
    write_change(by=by, child=now.file, kind=Kind.ALTER, on=on, reason="happened", after=after)
    finish(now, "confirm_end", by=by, on=on, end=end.pk)
    tell(now, "recognition_ended")
    _month, citation = first_unpaid(ENDINGS[end.reason], end.happened_on, jurisdiction=now.file.responsible_code)
    issue_for_recognition("stop_decision", now, end_letter(now, end, citation), by=by, on=on)
    return end


@transaction.atomic
def reject_end(*, by: Person, holding: CategoryHolding, mark: str, words: str, on: date) -> RecognitionEnd:
    """Reject an end (不同意终止), in words: it goes on, and whoever proposed it hears why. Raises as `confirm_end`."""
    now, end = _to_decide(holding, by=by, mark=mark, on=on)
    end.answer_words = require_words(words)
    _decide(end, EndStage.REJECTED, by=by, on=on)
    finish(now, "reject_end", by=by, on=on, end=end.pk)
    notify(
        kind="recognition_end_rejected",
        subject_kind=SUBJECT,
        subject_key=now.key,
        recipient=end.by,
        values={"file": now.file.file_number},
    )
    return end


def _to_decide(holding: CategoryHolding, *, by: Person, mark: str, on: date) -> tuple[Recognised, RecognitionEnd]:
    now = locked(holding, by=by, permission=Permission.END_RECOGNITIONS, on=on, mark=mark)
    if now.end is None:
        raise Refused(_("This has been decided already. Load the page again."))
    if not now.may_be_ended_by(by):
        raise Refused(_("Only the people named for what is sealed of this child decide this end."))
    if now.end.by_id == by.pk:
        raise Refused(_("Another person than the one who proposed it must confirm."))
    return now, now.end


def _decide(end: RecognitionEnd, stage: EndStage, *, by: Person, on: date) -> None:
    end.stage, end.decided_by, end.decided_on = stage, by, on
    end.save()

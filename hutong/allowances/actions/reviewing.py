"""Reviews of recognitions: what is due is asked for every night, and somebody looks and says what they found."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.ending import put_proposed
from hutong.allowances.actions.recognised import finish, keep_due, locked, reasons_document
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.actions.suspending import put_suspended
from hutong.allowances.models import RecognitionReview
from hutong.allowances.models.recognition import Finding
from hutong.allowances.recognitions import Recognised, held_on, recognised, recognised_of_many
from hutong.law.recognition_review import Finding as Examined
from hutong.registry.models import CategoryHolding

AT_ONCE = 2000
EXPECTED = {
    Finding.CONTINUES: (Examined.CONTINUES, Examined.UNSHOWN),
    Finding.SUSPENDED: (Examined.DOUBTFUL, Examined.ENDS),
    Finding.ENDS: (Examined.ENDS,),
}
"""What the law finds where a person finds this; anything else is said in words."""


@transaction.atomic
def review(
    *,
    by: Person,
    holding: CategoryHolding,
    mark: str,
    finding: str,
    words: str = "",
    reason: str = "",
    happened_on: date | None = None,
    on: date,
) -> RecognitionReview:
    """Review (年度复核): it goes on, or it is suspended, or its end is proposed, both with a reason.

    In words where the law finds otherwise. `mark` is that of what was looked at. Raises NotAllowed, CaseChanged and
    Refused.
    """
    now = locked(holding, by=by, permission=Permission.REVIEW_RECOGNITIONS, on=on, mark=mark)
    if finding not in Finding.values:
        raise Refused(_("Say what you have found."))
    if now.reviewed_on is not None and now.reviewed_on >= on:
        raise Refused(_("It has been reviewed today already."))
    examined = now.shown_to(by)
    differs = examined.finding not in EXPECTED[Finding(finding)]
    words = require_words(words, wanted=differs)
    done = RecognitionReview.objects.create(
        child=now.holding.child,
        holding=now.holding,
        division_code=now.file.responsible_code,
        due_on=now.due_on,
        finding=finding,
        answer=examined.finding.value,
        reasons=reasons_document(examined.answer.reasons),
        differs=differs,
        words=words or None,
        on=on,
        by=by,
    )
    finish(now, "review", by=by, on=on, review=done.pk, finding=finding)
    _follow(recognised(now.holding, on=on), finding, reason, happened_on=happened_on, words=words, by=by, on=on)
    return done


def _follow(
    now: Recognised, finding: str, reason: str, *, happened_on: date | None, words: str, by: Person, on: date
) -> None:
    if finding == Finding.SUSPENDED:
        put_suspended(now, reason, words=words, happened_on=happened_on, by=by, on=on)
    elif finding == Finding.ENDS:
        put_proposed(now, reason, happened_on=happened_on, words=words, by=by, on=on)


@transaction.atomic
def find_reviews_due(*, on: date) -> int:
    """Find what is to be reviewed, looked into, settled or confirmed (查找到期复核): how many children are paid for.

    Nothing is stopped: each is a task, and a person looks.
    """
    holdings, found = list(held_on(on)), []
    for at in range(0, len(holdings), AT_ONCE):
        found += recognised_of_many(holdings[at : at + AT_ONCE], on=on)
    keep_due(found, on=on)
    return len(found)

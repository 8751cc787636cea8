"""Quality watched: a random sample of decided pairs is asked once more of somebody else, who is not told the answer."""

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.law.division_code import meeting
from hutong.law.duplicates import DIFFERENT, SAME
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import require_reason
from hutong.registry.models import EarlierAnswer, Merge, Pair, SecondLook
from hutong.registry.models.merge import MergeStage
from hutong.registry.models.pair import PairState

ONE_IN = 20
ANSWERS = (PairState.SAME, PairState.DIFFERENT)


def is_sampled(pair: Pair) -> bool:
    """Whether a pair is in the sample (是否抽中): by its number alone, one in twenty, so that nobody chooses."""
    digest = hashlib.sha256(f"pair {pair.pk}".encode()).digest()
    return int.from_bytes(digest[:4]) % ONE_IN == 0


def sample(pair: Pair, *, on: date) -> SecondLook | None:
    """Ask a decided pair once more (抽中即请复核), where it is in the sample and has not been asked yet."""
    if not is_sampled(pair):
        return None
    look, is_new = SecondLook.objects.get_or_create(pair=pair, defaults={"asked_on": on})
    if is_new:
        _ask(pair, on=on)
    return look


def _ask(pair: Pair, *, on: date) -> None:
    """What two people have decided is looked at by another officer; what one has, by an approver."""
    open_task(
        kind="second_look",
        subject_kind="pair",
        subject_key=str(pair.pk),
        division_code=meeting(pair.first.responsible_code, pair.second.responsible_code),
        role="county_officer" if pair.state == PairState.SAME else "approver",
        due_on=due_on("second_look", on=on, jurisdiction=pair.first.responsible_code),
    )


@transaction.atomic
def look_again(*, by: Person, look: SecondLook, answer: str, reason: str, on: date) -> SecondLook:
    """Look again (盲复核) at a pair somebody else has decided. Where the answers differ an approver is asked to see.

    Raises NotAllowed and Refused.
    """
    look = SecondLook.objects.select_for_update(of=("self",)).select_related("pair").get(pk=look.pk)
    if look.answer:
        raise Refused(_("Somebody has looked at this pair a second time already."))
    if answer not in ANSWERS:
        raise Refused(_("Say whether the two files are one child or two."))
    require_reason(reason, SAME if answer == PairState.SAME else DIFFERENT, "")
    require_another(by, look.pair, on=on)
    look.answer, look.reason, look.by, look.at = answer, reason, by, timezone.now()
    look.save()
    close_tasks(by=by, subject_kind="pair", subject_key=str(look.pair_id), kinds=["second_look"], outcome=answer)
    record(by=by, act="second_look", subject_kind="pair", subject_key=str(look.pair_id), on=on)
    if answer != look.pair.state:
        _tell_they_differ(look.pair, on=on)
    return look


def require_another(by: Person, pair: Pair, *, on: date) -> None:
    """Raises NotAllowed without the right where both files are, Refused to whoever took part in the answer."""
    for child in (pair.first, pair.second):
        code = child.leading.responsible_code
        if not may(by, Permission.CONFIRM_CHANGES, code=code, on=on):
            require(by, Permission.JUDGE_PAIRS, code=code, on=on)
    if by.pk in deciders(pair):
        raise Refused(_("You took part in the answer. Somebody else looks a second time."))


def deciders(pair: Pair) -> set[int]:
    """Who took part in the answer to a pair (判定参与人)."""
    merges = Merge.objects.filter(pair=pair).exclude(stage=MergeStage.REFUSED)
    took_part = {who for row in merges.values_list("by", "decided_by", "undone_by") for who in row if who}
    before = EarlierAnswer.objects.filter(pair=pair).values_list("decided_by", flat=True)
    return took_part.union(before, {pair.decided_by_id} if pair.decided_by_id else set())


def _tell_they_differ(pair: Pair, *, on: date) -> None:
    open_task(
        kind="answers_differ",
        subject_kind="pair",
        subject_key=str(pair.pk),
        division_code=meeting(pair.first.responsible_code, pair.second.responsible_code),
        role="approver",
        due_on=due_on("answers_differ", on=on, jurisdiction=pair.first.responsible_code),
        harm=Harm.LOSS,
    )


@transaction.atomic
def keep_answer(*, by: Person, pair: Pair, on: date) -> None:
    """Keep an answer (维持原判定) that the second look did not share: its task is done. Raises NotAllowed."""
    for child in (pair.first, pair.second):
        require(by, Permission.CONFIRM_CHANGES, code=child.leading.responsible_code, on=on)
    key = str(pair.pk)
    close_tasks(by=by, subject_kind="pair", subject_key=key, kinds=["answers_differ"], outcome="kept")
    record(by=by, act="keep_answer", subject_kind="pair", subject_key=key, on=on)

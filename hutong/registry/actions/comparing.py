"""Looking at a pair, and answering that the two files are of two children."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.tasks import open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.divisions.queries import path_names
from hutong.law.division_code import full
from hutong.law.duplicates import DIFFERENT
from hutong.registry.actions.changes import require_reason
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.actions.linking import weighed
from hutong.registry.actions.pairing import propose, watch_pairs
from hutong.registry.actions.sampling import sample
from hutong.registry.models import Child, Pair
from hutong.registry.models.pair import PairState
from hutong.registry.pairs import all_pairs, far_pairs
from hutong.registry.queries import visible_to

AT_MOST, DAYS_TO_HAND_OVER = 500, 10


@transaction.atomic
def look_at_pair(*, by: Person, pair: Pair, on: date) -> Pair:
    """Look at a pair (查看疑似重复): a look at both children, recorded with each. Raises NotAllowed."""
    if not all_pairs(by, on=on).filter(pk=pair.pk).exists():
        raise NotAllowed(Permission.JUDGE_PAIRS)
    record_both("look_at_pair", by, pair, on=on)
    return pair


def record_both(act: str, by: Person, pair: Pair, *, on: date, **more: object) -> None:
    """Record an act about a pair (双方留痕) with each of its files."""
    for child in (pair.first, pair.second):
        record(
            by=by,
            act=act,
            subject_kind="child",
            subject_key=child.file_number,
            division_code=child.leading.responsible_code,
            on=on,
            details={"pair": pair.pk, **more},
        )


@transaction.atomic
def compare_files(*, by: Person, first: str, second: str, on: date) -> Pair:
    """Compare two files (比对两份档案) that somebody takes for one child's. Raises NotAllowed and Refused."""
    found = {child.file_number: child for child in visible_to(by, on=on).filter(file_number__in=[first, second])}
    if len(found) < 2:
        raise Refused(_("There are not two files with these numbers in your area. Check both numbers."))
    one, other = sorted((child.leading for child in found.values()), key=lambda child: child.pk)
    if one == other:
        raise Refused(_("These two files are one child's already."))
    for child in (one, other):
        require(by, Permission.JUDGE_PAIRS, code=child.responsible_code, on=on)
    if not Pair.objects.filter(first=one, second=other).exists():
        propose([weighed(one, other)], on=on, by=by)
    pair = Pair.objects.filter(first=one, second=other).first()
    if pair is None:
        raise Refused(_("Somebody has answered this of other files of the two children already."))
    record_both("compare_files", by, pair, on=on)
    return pair


@transaction.atomic
def say_different(*, by: Person, pair: Pair, reason: str, on: date, words: str = "") -> Pair:
    """Say that two files are of two children (判定不同); never asked again. Raises NotAllowed and Refused."""
    require_reason(reason, DIFFERENT, words)
    pair = locked_pair(pair)
    _require_open(pair)
    require_both(by, pair, Permission.JUDGE_PAIRS, on=on)
    answer(pair, PairState.DIFFERENT, by=by, reason=reason, words=words)
    record_both("say_different", by, pair, on=on)
    sample(pair, on=on)
    watch_pairs(on=on, by=by)
    return pair


def locked_pair(pair: Pair) -> Pair:
    """The pair as it is now, locked with both files (锁定), the lower id first."""
    list(Child.objects.select_for_update().filter(pk__in=[pair.first_id, pair.second_id]).order_by("pk"))
    return Pair.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=pair.pk)


def _require_open(pair: Pair) -> None:
    if pair.state != PairState.OPEN:
        raise Refused(_("This has been answered already. Load the page again."))


def require_both(by: Person, pair: Pair, permission: Permission, *, on: date) -> None:
    """Raises NotAllowed unless somebody may do this where either file is, Refused where they have kin in it."""
    for child in (pair.first, pair.second):
        require(by, permission, code=child.leading.responsible_code, on=on)
        require_no_kin(by, child, on=on)


def answer(pair: Pair, state: PairState, *, by: Person, reason: str, words: str) -> None:
    """Keep an answer (记下判定) of a locked pair."""
    pair.state, pair.reason, pair.words = state, reason, words.strip() or None
    pair.decided_by, pair.decided_at = by, timezone.now()
    pair.save()


def ask_again(pair: Pair) -> None:
    """Open a locked pair again (重新待判): what was proposed was not agreed to."""
    pair.state, pair.reason, pair.words, pair.decided_by, pair.decided_at = PairState.OPEN, "", None, None, None
    pair.save()


@dataclass(frozen=True)
class Outcome:
    """What became of one pair (逐条结果): answered, or why not."""

    pair: Pair
    why: str = ""


@transaction.atomic
def answer_many(*, by: Person, pairs: Collection[Pair], act: Callable[[Pair], object], on: date) -> list[Outcome]:
    """Answer many pairs (批量判定), at most 500, each by itself: those that cannot be stay and say why.

    Raises Refused.
    """
    if len(pairs) > AT_MOST:
        raise Refused(_("At most %(most)s pairs at once.") % {"most": AT_MOST})
    outcomes = [_one(pair, act) for pair in pairs]
    done = sum(not outcome.why for outcome in outcomes)
    details = {"done": done, "left": len(outcomes) - done}
    record(by=by, act="answer_pairs", subject_kind="pairs", subject_key="", on=on, details=details)
    return outcomes


def _one(pair: Pair, act: Callable[[Pair], object]) -> Outcome:
    try:
        with transaction.atomic():
            act(pair)
    except Refused as refused:
        return Outcome(pair, str(refused.reason))
    return Outcome(pair)


@transaction.atomic
def bring_together(*, by: Person, pair: Pair, on: date) -> None:
    """Bring together (协调归并) two files of two counties: each learns that the other has such a file, and no more.

    One of them hands its file over; then the pair is answered where both are. Raises NotAllowed and Refused.
    """
    if not far_pairs(by, on=on).filter(pk=pair.pk).exists():
        raise NotAllowed(Permission.BRING_TOGETHER)
    for child, other in ((pair.first, pair.second), (pair.second, pair.first)):
        county = full(other.county_prefix)
        open_task(
            kind="hand_over",
            subject_kind="child",
            subject_key=child.file_number,
            division_code=child.responsible_code,
            role="county_officer",
            due_on=on + timedelta(days=DAYS_TO_HAND_OVER),
            harm=Harm.ORDINARY,
            values={"place": path_names([county])[county]},
        )
    record_both("bring_together", by, pair, on=on)

"""Joining two files of one child by a link, confirmed by a second person, and undoing it at any time."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import close_tasks, open_task, park_tasks, take_up_tasks
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.law.duplicates import SAME, UNDOING
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import require_decided
from hutong.registry.actions.comparing import (
    answer,
    files_of_pair,
    locked_pair,
    record_both,
    reopen,
    require_answer,
    require_both,
    require_open,
    require_words,
)
from hutong.registry.actions.entering import lock_admissions
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.actions.moving import require_no_move
from hutong.registry.actions.pairing import watch_pairs
from hutong.registry.actions.papers import watch_papers_of
from hutong.registry.actions.sampling import sample
from hutong.registry.contradictions import contradictions
from hutong.registry.merges import Meanwhile, meanwhile, paid_categories
from hutong.registry.models import CategoryHolding, Child, Merge, Pair
from hutong.registry.models.merge import MergeStage
from hutong.registry.models.pair import PairState
from hutong.registry.pairs import cannot_lead

TWO_PAID = "two_paid_categories"
MUST_LEAD = {
    "number": _("The file with the ID number has to lead."),
    "open": _("The open file has to lead."),
}


@transaction.atomic
def propose_merge(
    *,
    by: Person,
    pair: Pair,
    leading: str,
    reason: str,
    on: date,
    words: str = "",
    has_compared: bool = False,
) -> Merge:
    """Propose a merge (提请合并): two files are one child's, and `leading` is the file number of the one that leads.

    Another person of the county confirms it; until then nothing changes. Where the files contradict each other whoever
    proposes says that files and papers have been compared, and why in words. Raises NotAllowed and Refused.
    """
    require_answer(reason, SAME, words)
    pair = locked_pair(pair)
    require_open(pair)
    require_both(by, pair, Permission.JUDGE_PAIRS, on=on)
    _require_compared(pair, words, has_compared=has_compared, on=on)
    if leading not in (pair.first.file_number, pair.second.file_number):
        raise Refused(_("Choose which of the two files leads."))
    first, second = (pair.first, pair.second) if leading == pair.first.file_number else (pair.second, pair.first)
    _require_joinable(first, second)
    answer(pair, PairState.WAITING, by=by, reason=reason, words=words)
    merge: Merge = Merge.objects.create(pair=pair, leading=first, joined=second, words=words.strip() or None, by=by)
    _ask_to_confirm(merge, on=on)
    record_both("propose_merge", by, pair, on=on, merge=merge.pk)
    watch_pairs(on=on, by=by)
    return merge


def _require_compared(pair: Pair, words: str, *, has_compared: bool, on: date) -> None:
    if not contradictions(pair, on=on):
        return
    if not has_compared:
        raise Refused(
            _("The two files contradict each other. Compare both and their papers first, and say that you have.")
        )
    require_words(words)


def _require_joinable(leading: Child, joined: Child) -> None:
    if leading.canonical_id or joined.canonical_id:
        raise Refused(_("One of the two files has been joined to another meanwhile. Load the page again."))
    if leading.county_prefix != joined.county_prefix:
        raise Refused(_("The files are in two counties. One of them hands its file over first."))
    if why := cannot_lead(leading, joined):
        raise Refused(MUST_LEAD[why])
    for child in (leading, joined):
        require_decided(child)
        require_no_move(child)


def _ask_to_confirm(merge: Merge, *, on: date) -> None:
    open_task(
        kind="confirm_merge",
        subject_kind="pair",
        subject_key=str(merge.pair_id),
        division_code=merge.leading.responsible_code,
        role="approver",
        due_on=due_on("confirm_merge", on=on, jurisdiction=merge.leading.responsible_code),
        harm=Harm.LOSS,
    )


@transaction.atomic
def confirm_merge(*, by: Person, merge: Merge, on: date) -> Merge:
    """Confirm a merge (确认合并) that somebody else proposed: the link holds from now on, and nothing else moves.

    Where both files hold a paid category, a task asks which goes on; payments go on until then. Raises NotAllowed and
    Refused.
    """
    lock_admissions()
    merge, pair = _waiting(merge)
    if by.pk == merge.by_id:
        raise Refused(_("Another person than the one who proposed it must confirm."))
    require_both(by, pair, Permission.CONFIRM_CHANGES, on=on)
    _require_joinable(merge.leading, merge.joined)
    _decide(merge, MergeStage.DONE, by=by)
    pair.state = PairState.SAME
    pair.save()
    _link(merge)
    park_tasks(by=by, subject_kind="child", subject_key=merge.joined.file_number, outcome=_parked(merge))
    _ask_of_the_leading(merge, on=on)
    _ask_which_is_paid(merge.leading, merge.joined, on=on)
    sample(pair, on=on)
    _settle(merge, "confirm_merge", by=by, on=on)
    return merge


@transaction.atomic
def refuse_merge(*, by: Person, merge: Merge, words: str, on: date) -> Merge:
    """Refuse a merge (不同意合并) with a reason, or take back one's own: the pair is asked again.

    Raises NotAllowed and Refused.
    """
    merge, pair = _waiting(merge)
    if by.pk != merge.by_id:
        require_both(by, pair, Permission.CONFIRM_CHANGES, on=on)
    if not words.strip():
        raise Refused(_("Say in a few words why."))
    merge.answer = words.strip()
    _decide(merge, MergeStage.REFUSED, by=by)
    reopen(pair, by=by, words=words)
    _settle(merge, "refuse_merge", by=by, on=on)
    return merge


def _waiting(merge: Merge) -> tuple[Merge, Pair]:
    pair = locked_pair(merge.pair)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.stage != MergeStage.PROPOSED:
        raise Refused(_("Not recorded: this was decided meanwhile. It stands as the page says now."))
    files = {child.pk: child for child in (pair.first, pair.second)}
    merge.pair, merge.leading, merge.joined = pair, files[merge.leading_id], files[merge.joined_id]
    return merge, pair


def _decide(merge: Merge, stage: MergeStage, *, by: Person) -> None:
    merge.stage, merge.decided_at = stage, timezone.now()
    merge.decided_by = by if by.pk != merge.by_id else None
    merge.save()


def _settle(merge: Merge, act: str, *, by: Person, on: date) -> None:
    """What follows a decision: its task is done, whoever proposed it hears of it, and it is recorded."""
    key = str(merge.pair_id)
    close_tasks(by=by, subject_kind="pair", subject_key=key, kinds=["confirm_merge"], outcome=str(merge.stage))
    if by.pk != merge.by_id:
        values = files_of_pair(merge.pair)
        notify(kind=f"merge_{merge.stage}", subject_kind="pair", subject_key=key, recipient=merge.by, values=values)
    record_both(act, by, merge.pair, on=on, merge=merge.pk)
    watch_papers_of([merge.leading, merge.joined], by=by, on=on)
    watch_pairs(on=on, by=by)


def _link(merge: Merge) -> None:
    """The joined file, and what is joined to it, follow the leading one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_child SET canonical_id = %s
                WHERE id = %s OR id IN (SELECT hutong_joined_files(%s))""",
            [merge.leading_id, merge.joined_id, merge.joined_id],
        )


def _unlink(merge: Merge) -> None:
    """The joined file leads again, and what is joined to it follows it as before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE registry_child SET canonical_id = nullif(%s::bigint, id)
                WHERE id = %s OR id IN (SELECT hutong_joined_files(%s))""",
            [merge.joined_id, merge.joined_id, merge.joined_id],
        )


def _parked(merge: Merge) -> str:
    return f"joined {merge.pk}"


def _ask_of_the_leading(merge: Merge, *, on: date) -> None:
    """What was still to be asked of the joined file is asked of the leading one, unless it has been already."""
    with connection.cursor() as cursor:
        cursor.execute(ASK_OF_THE_LEADING, {"leading": merge.leading_id, "joined": merge.joined_id, "on": on})


ASK_OF_THE_LEADING = """
INSERT INTO registry_pair (first_id, second_id, probability, weight, waterfall, model_version, origin, origin_key,
                           found_on, state, reason)
SELECT least(%(leading)s, other.id), greatest(%(leading)s, other.id), pair.probability, pair.weight, pair.waterfall,
       pair.model_version, pair.origin, pair.origin_key, pair.found_on, 'open', ''
  FROM registry_pair AS pair
  JOIN registry_child AS other ON other.id = pair.first_id + pair.second_id - %(joined)s
 WHERE %(joined)s IN (pair.first_id, pair.second_id) AND pair.state = 'open' AND other.canonical_id IS NULL
    ON CONFLICT (first_id, second_id) DO NOTHING
"""


def _ask_which_is_paid(leading: Child, joined: Child, *, on: date) -> None:
    """Two paid categories are for a person to settle: nothing is cut and nothing ends by itself."""
    if len(paid_categories(_fresh(leading))) > 1:
        open_task(
            kind=TWO_PAID,
            subject_kind="child",
            subject_key=leading.file_number,
            division_code=leading.responsible_code,
            role="county_officer",
            due_on=due_on(TWO_PAID, on=on, jurisdiction=leading.responsible_code),
            harm=Harm.LOSS,
            values={"file": joined.file_number},
        )


def close_settled(child: Child, *, by: Person) -> None:
    """Close the task about two paid categories (办结两项待遇待办) where no more than one is left."""
    if len(paid_categories(_fresh(child))) <= 1:
        close_tasks(by=by, subject_kind="child", subject_key=child.file_number, kinds=[TWO_PAID], outcome="settled")


def _fresh(child: Child) -> Child:
    found: Child = Child.objects.get(pk=child.pk)
    return found


@dataclass(frozen=True)
class Undone:
    """A merge that was undone (撤销结果), and what stays with the file that led."""

    merge: Merge
    meanwhile: Meanwhile


@transaction.atomic
def undo_merge(*, by: Person, merge: Merge, reason: str, on: date, words: str = "") -> Undone:
    """Undo a merge (撤销合并), at any later time: both files are again what they were, and two children's.

    What was entered meanwhile stays with the file it was entered on; a task asks to look through it. Categories of the
    joined file that ended meanwhile go on. Raises NotAllowed and Refused.
    """
    require_answer(reason, UNDOING, words)
    lock_admissions()
    list(Child.objects.select_for_update().filter(pk=_fresh(merge.joined).leading.pk))
    pair = locked_pair(merge.pair)
    merge = Merge.objects.select_for_update(of=("self",)).select_related("leading", "joined").get(pk=merge.pk)
    if merge.stage != MergeStage.DONE:
        raise Refused(_("These files are not joined any more. Load the page again."))
    leading = merge.joined.leading
    _require_undoing(by, leading, on=on)
    found = meanwhile(merge)
    merge.stage, merge.undone_by, merge.undone_at = MergeStage.UNDONE, by, timezone.now()
    merge.undone_reason, merge.undone_words = reason, words.strip() or None
    merge.save()
    _unlink(merge)
    _put_back(merge)
    take_up_tasks(subject_kind="child", subject_key=merge.joined.file_number, outcome=_parked(merge))
    answer(pair, PairState.DIFFERENT, by=by, reason=reason, words=words)
    _parted(merge, leading, found, by=by, on=on)
    return Undone(merge, found)


def _require_undoing(by: Person, leading: Child, *, on: date) -> None:
    """The officer or the approver of the place that is responsible now; one of them is enough, for nothing is lost."""
    code = leading.responsible_code
    if not may(by, Permission.CONFIRM_CHANGES, code=code, on=on):
        require(by, Permission.CLOSE_CHILDREN, code=code, on=on)
    require_no_kin(by, leading, on=on)


def _put_back(merge: Merge) -> None:
    """The ends of the joined files' categories, as they were; what has been ended anew since stays."""
    for one in reversed(merge.ended):
        until_on = date.fromisoformat(one["before"]) if one["before"] else None
        CategoryHolding.objects.filter(pk=one["holding"], until_on=one["after"]).update(until_on=until_on)


def _parted(merge: Merge, leading: Child, found: Meanwhile, *, by: Person, on: date) -> None:
    if found.stays:
        open_task(
            kind="sort_facts",
            subject_kind="child",
            subject_key=leading.file_number,
            division_code=leading.responsible_code,
            role="county_officer",
            due_on=due_on("sort_facts", on=on, jurisdiction=leading.responsible_code),
            harm=Harm.LOSS,
            values={"file": merge.joined.file_number, "count": found.stays, "merge": merge.pk},
        )
    close_settled(leading, by=by)
    key = str(merge.pair_id)
    close_tasks(by=by, subject_kind="pair", subject_key=key, kinds=["answers_differ"], outcome="undone")
    for person in {merge.by, merge.decided_by} - {by, None}:
        values = files_of_pair(merge.pair)
        notify(kind="merge_undone", subject_kind="pair", subject_key=key, recipient=person, values=values)
    record_both("undo_merge", by, merge.pair, on=on, merge=merge.pk)
    watch_papers_of([leading, merge.joined], by=by, on=on)
    watch_pairs(on=on, by=by)


@transaction.atomic
def look_through(*, by: Person, merge: Merge, on: date) -> None:
    """Look through (核对完毕) what was entered while an undone merge held: its task is done. Raises NotAllowed."""
    leading = meanwhile(merge).leading
    _require_undoing(by, leading, on=on)
    key = leading.file_number
    close_tasks(by=by, subject_kind="child", subject_key=key, kinds=["sort_facts"], outcome="looked_through")
    record_both("look_through", by, merge.pair, on=on, merge=merge.pk)

"""Looking at a pair, answering that the two files are of two children, and asking what was answered anew."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.divisions.queries import path_names
from hutong.law.division_code import full
from hutong.law.duplicates import DIFFERENT, WORDS_AT_LEAST
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import require_reason
from hutong.registry.actions.kinship import require_no_kin
from hutong.registry.actions.linking import weighed
from hutong.registry.actions.pairing import propose, watch_pairs
from hutong.registry.actions.sampling import sample
from hutong.registry.models import Child, EarlierAnswer, Pair, SecondLook
from hutong.registry.models.pair import PairState
from hutong.registry.pairs import all_pairs, far_pairs, may_ask
from hutong.registry.queries import visible_to

AT_MOST = 500


@transaction.atomic
def look_at_pair(*, by: Person, pair: Pair, on: date) -> Pair:
    """Look at a pair (查看疑似重复): a look at both children, recorded with each. Raises NotAllowed."""
    if not all_pairs(by, on=on).filter(pk=pair.pk).exists():
        raise NotAllowed(Permission.JUDGE_PAIRS)
    record_both("look_at_pair", by, pair, on=on)
    return pair


def record_both(act: str, by: Person, pair: Pair, *, on: date, **more: object) -> None:
    """Record an act about a pair (双方留痕) with each of its files."""
    record_two(act, by, pair.first, pair.second, on=on, pair=pair.pk, **more)


def record_two(act: str, by: Person, first: Child, second: Child, *, on: date, **more: object) -> None:
    """Record an act about two files (两份留痕) with each of them."""
    for child in (first, second):
        record(
            by=by,
            act=act,
            subject_kind="child",
            subject_key=child.file_number,
            division_code=child.leading.responsible_code,
            on=on,
            details=more,
        )


@dataclass(frozen=True)
class Two:
    """Two files that somebody compares (比对的两份档案), by the ones that lead; `pair` where they are on the desk."""

    first: Child
    second: Child
    pair: Pair | None


@transaction.atomic
def look_at_two(*, by: Person, first: str, second: str, on: date) -> Two:
    """Look at two files (查看两份档案) side by side: a look at both children. Raises NotAllowed and Refused."""
    two = _two(by, first, second, on=on)
    record_two("look_at_pair", by, two.first, two.second, on=on)
    return two


def _two(by: Person, first: str, second: str, *, on: date) -> Two:
    if first == second:
        raise Refused(_("You gave the same number twice. Give the numbers of two files."))
    found = {child.file_number: child for child in visible_to(by, on=on).filter(file_number__in=[first, second])}
    if len(found) < 2:
        raise Refused(_("There are not two files with these numbers in your area. Check both numbers."))
    one, other = sorted((child.leading for child in found.values()), key=lambda child: child.pk)
    if one == other:
        raise Refused(_("These two files are one child's already."))
    for child in found.values():
        _require_leading(child)
    for child in (one, other):
        require(by, Permission.JUDGE_PAIRS, code=child.responsible_code, on=on)
    return Two(one, other, Pair.objects.filter(first=one, second=other).first())


def _require_leading(child: Child) -> None:
    if child.canonical_id:
        said = {"file": child.file_number, "leading": child.leading.file_number}
        raise Refused(_("File %(file)s is joined to file %(leading)s. Compare with that one.") % said)


@transaction.atomic
def compare_files(*, by: Person, first: str, second: str, on: date) -> Pair:
    """Put two files on the desk (登记为疑似重复) that somebody takes for one child's. Raises NotAllowed and Refused."""
    two = _two(by, first, second, on=on)
    if two.pair is None:
        propose([weighed(two.first, two.second)], on=on, by=by)
    pair = Pair.objects.filter(first=two.first, second=two.second).first()
    if pair is None:
        raise Refused(_("Somebody has answered this of other files of the two children already."))
    record_both("compare_files", by, pair, on=on)
    return pair


@transaction.atomic
def say_different(*, by: Person, pair: Pair, reason: str, on: date, words: str = "") -> Pair:
    """Say that two files are of two children (判定不同); only a person asks anew. Raises NotAllowed and Refused."""
    require_answer(reason, DIFFERENT, words)
    pair = locked_pair(pair)
    require_open(pair)
    require_both(by, pair, Permission.JUDGE_PAIRS, on=on)
    answer(pair, PairState.DIFFERENT, by=by, reason=reason, words=words)
    record_both("say_different", by, pair, on=on)
    sample(pair, on=on)
    watch_pairs(on=on, by=by)
    return pair


def locked_pair(pair: Pair) -> Pair:
    """The pair as it is now, locked with both files (锁定), the lower id first."""
    list(Child.objects.select_for_update().filter(pk__in=[pair.first_id, pair.second_id]).order_by("pk"))
    found = Pair.objects.select_for_update(of=("self",)).select_related("first", "second", "decided_by")
    return found.get(pk=pair.pk)


def require_answer(reason: str, among: Mapping[str, object], words: str) -> None:
    """Raises Refused without a reason of the list (判定原因), or where “something else” is not said in words."""
    require_reason(reason, among, words)
    if reason == "other":
        require_words(words)


def require_words(words: str) -> None:
    """Raises Refused where a few words are wanted (须说明) and there are none."""
    if len(words.strip()) < WORDS_AT_LEAST:
        raise Refused(_("Say in words why: at least %(least)s characters.") % {"least": WORDS_AT_LEAST})


def require_open(pair: Pair) -> None:
    """Raises Refused where somebody else has answered meanwhile (已有人判定), and says what stands."""
    if pair.decided_by:
        said = {"who": pair.decided_by.name, "answer": pair.get_state_display()}
        raise Refused(
            _("Your answer was not recorded. %(who)s has answered meanwhile, and that stands: %(answer)s.") % said
        )


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


def reopen(pair: Pair, *, by: Person, words: str) -> None:
    """Open a locked pair again (重新待判). What was answered, by whom and why stays readable with it."""
    answered = {name: getattr(pair, name) for name in ("state", "reason", "decided_by", "decided_at")}
    said = pair.words.open() if pair.words else None
    EarlierAnswer.objects.create(pair=pair, words=said, reopened_by=by, reopened_words=words.strip(), **answered)
    pair.state, pair.reason, pair.words, pair.decided_by, pair.decided_at = PairState.OPEN, "", None, None, None
    pair.save()


@transaction.atomic
def ask_anew(*, by: Person, pair: Pair, words: str, on: date) -> Pair:
    """Ask anew (重新判定) what was answered with “two children”: an officer of both files or their approver, who may be
    the one who answered, says why. Files that are joined are parted instead. Raises NotAllowed and Refused.
    """
    require_words(words)
    pair = locked_pair(pair)
    if pair.state != PairState.DIFFERENT:
        raise Refused(_("Nothing was changed: this pair is not answered with “two children” any more."))
    _require_either(by, pair, on=on)
    if pair.first.canonical_id or pair.second.canonical_id:
        raise Refused(_("One of the two files has been joined to another meanwhile. Undo that first."))
    answered_by = pair.decided_by
    reopen(pair, by=by, words=words)
    _drop_second_look(pair, by=by)
    if answered_by and answered_by != by:
        notify(
            kind="pair_reopened",
            subject_kind="pair",
            subject_key=str(pair.pk),
            recipient=answered_by,
            values=files_of_pair(pair),
        )
    record_both("ask_anew", by, pair, on=on)
    watch_pairs(on=on, by=by)
    return pair


def _require_either(by: Person, pair: Pair, *, on: date) -> None:
    for child in (pair.first, pair.second):
        code = child.leading.responsible_code
        if not may(by, Permission.CONFIRM_CHANGES, code=code, on=on):
            require(by, Permission.JUDGE_PAIRS, code=code, on=on)
        require_no_kin(by, child, on=on)


def _drop_second_look(pair: Pair, *, by: Person) -> None:
    """What was to be looked at a second time is not there any more; a look that was taken stays."""
    SecondLook.objects.filter(pair=pair, answer="").delete()
    kinds = ["second_look", "answers_differ"]
    close_tasks(by=by, subject_kind="pair", subject_key=str(pair.pk), kinds=kinds, outcome="asked_anew")


def files_of_pair(pair: Pair) -> dict[str, str]:
    """The file numbers of a pair (两份档案号), for a notice about it."""
    return {"first": pair.first.file_number, "second": pair.second.file_number}


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

    One of them hands its file over; then the pair is answered where both are. Asked once in seven days. Raises
    NotAllowed and Refused.
    """
    if not far_pairs(by, on=on).filter(pk=pair.pk).exists():
        raise NotAllowed(Permission.BRING_TOGETHER)
    pair = locked_pair(pair)
    if not may_ask(pair, on=on):
        raise Refused(_("Both counties were asked a few days ago. Give them seven days."))
    pair.asked_by, pair.asked_on = by, on
    pair.save()
    for child, other in ((pair.first, pair.second), (pair.second, pair.first)):
        county = full(other.county_prefix)
        open_task(
            kind="second_file",
            subject_kind="child",
            subject_key=child.file_number,
            division_code=child.responsible_code,
            role="county_officer",
            due_on=due_on("second_file", on=on, jurisdiction=child.responsible_code),
            harm=Harm.ORDINARY,
            values={"place": path_names([county])[county]},
        )
    record_both("bring_together", by, pair, on=on)

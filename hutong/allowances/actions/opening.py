"""Opening positions: children paid elsewhere before, entered by one person and confirmed by another, one or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.tasks import Wanted, keep_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.models import Opening
from hutong.law.division_code import LENGTH_OF, Level, full
from hutong.law.months import Month
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.models import Child
from hutong.registry.queries import files_of, visible_to

SUBJECT, TASK = "openings", "confirm_openings"
AT_MOST, SOURCE_AT_MOST = 2000, 100


@dataclass(frozen=True)
class Position:
    """Position (期初数据): a child by its file number, and the last month it was paid elsewhere."""

    file_number: str
    paid_through: Month


@dataclass(frozen=True)
class Entered:
    """What became of many positions (批量登记结果): those that stand, and why others do not, by file number."""

    openings: tuple[Opening, ...]
    left: Mapping[str, str]


@transaction.atomic
def enter_opening(*, by: Person, child: Child, paid_through: Month, source: str, on: date) -> Opening:
    """Enter an opening position (登记期初情况): the month a child was paid elsewhere through, and the source.

    Another person confirms it; until then nothing changes. Raises NotAllowed and Refused.
    """
    opening = _enter(child, paid_through, source, by=by, on=on)
    _keep_tasks(opening.child, by=by, on=on)
    return opening


@transaction.atomic
def enter_openings(*, by: Person, positions: Sequence[Position], source: str, on: date) -> Entered:
    """Enter many (批量登记期初情况): each as `enter_opening` does; what cannot be entered is left, with its reason."""
    if len(positions) > AT_MOST:
        raise Refused(_("At most %(most)s at once, please.") % {"most": AT_MOST})
    found = visible_to(by, on=on).filter(file_number__in=[one.file_number for one in positions])
    children = {child.file_number: child for child in found.select_related("canonical")}
    made: list[Opening] = []
    left: dict[str, str] = {}
    for one in sorted(positions, key=lambda position: position.file_number):
        try:
            with transaction.atomic():
                made.append(_enter(children.get(one.file_number), one.paid_through, source, by=by, on=on))
        except Refused as refused:
            left[one.file_number] = str(refused.reason)
    for child in {_county(opening.child): opening.child for opening in made}.values():
        _keep_tasks(child, by=by, on=on)
    return Entered(tuple(made), left)


def _enter(child: Child | None, paid_through: Month, source: str, *, by: Person, on: date) -> Opening:
    if child is None:
        raise NotAllowed(Permission.PREPARE_RUNS)
    child = _locked(child, Permission.PREPARE_RUNS, by=by, on=on)
    if Opening.objects.filter(child__in=files_of(child), refused_words__isnull=True).exists():
        raise Refused(_("There is an opening position already. Correct it, or propose another month with a reason."))
    opening = Opening(child=child, entered_by=by, entered_on=on)
    return _written(opening, paid_through, source, "enter_opening", by=by, on=on)


@transaction.atomic
def correct_opening(*, by: Person, opening: Opening, paid_through: Month, source: str, on: date) -> Opening:
    """Correct (更正) what waits for the second person; whoever corrects it does not confirm it. Raises as above."""
    opening = _waiting(opening, Permission.PREPARE_RUNS, by=by, on=on)
    opening.entered_by, opening.entered_on = by, on
    return _written(opening, paid_through, source, "correct_opening", by=by, on=on)


@transaction.atomic
def change_opening(*, by: Person, opening: Opening, paid_through: Month, source: str, words: str, on: date) -> Opening:
    """Propose another month (提请变更期初情况) than the one confirmed, with a reason: then runs look from there.

    A new row, which another person confirms; the old one stays as it was. Raises NotAllowed and Refused.
    """
    child = _locked(opening.child, Permission.PREPARE_RUNS, by=by, on=on)
    last = Opening.objects.filter(child=opening.child, refused_words__isnull=True).order_by("pk").last()
    if last is None or last.pk != opening.pk or last.is_waiting:
        raise Refused(_("Another month has been proposed already, or this one is not confirmed. Load the page again."))
    words = require_words(words)
    changed = Opening(child=opening.child, replaces=last, words=words, entered_by=by, entered_on=on)
    changed = _written(changed, paid_through, source, "change_opening", by=by, on=on)
    _keep_tasks(child, by=by, on=on)
    return changed


@transaction.atomic
def confirm_opening(*, by: Person, opening: Opening, on: date) -> Opening:
    """Confirm (确认期初情况) what another person entered: no run looks at earlier months. Raises as above."""
    opening = _waiting(opening, Permission.APPROVE_RUNS, by=by, on=on)
    if opening.entered_by_id == by.pk:
        raise Refused(_("Another person than the one who entered it must confirm."))
    opening.confirmed_by, opening.confirmed_on = by, on
    return _settled(opening, "confirm_opening", by=by, on=on)


@transaction.atomic
def confirm_openings(*, by: Person, openings: Sequence[Opening], on: date) -> list[Opening]:
    """Confirm many (批量确认), all or none. Raises NotAllowed and Refused."""
    return [confirm_opening(by=by, opening=one, on=on) for one in sorted(openings, key=lambda one: one.pk)]


@transaction.atomic
def refuse_opening(*, by: Person, opening: Opening, words: str, on: date) -> Opening:
    """Refuse (不同意), with a reason; whoever entered it may take it back. Raises NotAllowed and Refused."""
    is_own = opening.entered_by_id == by.pk
    opening = _waiting(opening, Permission.PREPARE_RUNS if is_own else Permission.APPROVE_RUNS, by=by, on=on)
    opening.refused_words = require_words(words)
    return _settled(opening, "refuse_opening", by=by, on=on)


def _locked(child: Child, permission: Permission, *, by: Person, on: date) -> Child:
    child = child.leading
    require(by, permission, code=child.responsible_code, on=on)
    return locked_child(child, by=by, on=on)


def _waiting(opening: Opening, permission: Permission, *, by: Person, on: date) -> Opening:
    _locked(opening.child, permission, by=by, on=on)
    now: Opening = Opening.objects.select_for_update(of=("self",)).select_related("child").get(pk=opening.pk)
    if not now.is_waiting:
        raise Refused(_("This has been decided already. Load the page again."))
    return now


def _written(opening: Opening, paid_through: Month, source: str, act: str, *, by: Person, on: date) -> Opening:
    source = source.strip()
    if not source or len(source) > SOURCE_AT_MOST:
        raise Refused(_("Say by what it is known, at most 100 characters: a list, an account, a letter."))
    if not Month.of(opening.child.birth_date) <= paid_through <= Month.of(on):
        raise Refused(_("The last month paid elsewhere lies between the child’s birth and this month."))
    opening.paid_through, opening.source = paid_through.first, source
    opening.save()
    _record(opening, act, by=by, on=on)
    return opening


def _settled(opening: Opening, act: str, *, by: Person, on: date) -> Opening:
    opening.save()
    _record(opening, act, by=by, on=on)
    _keep_tasks(opening.child, by=by, on=on)
    return opening


def _county(child: Child) -> str:
    return str(child.leading.responsible_code[: LENGTH_OF[Level.COUNTY]])


def _keep_tasks(child: Child, *, by: Person, on: date) -> None:
    """One task for the county while openings wait there: how many, since when."""
    county = _county(child)
    waiting = Opening.objects.filter(
        confirmed_by__isnull=True, refused_words__isnull=True, child__responsible_code__startswith=county
    )
    found = waiting.aggregate(children=Count("pk"), since=Min("entered_on"))
    wanted = []
    if found["since"]:
        last = due_on(TASK, on=found["since"], jurisdiction=county)
        wanted = [Wanted(county, full(county), last, {"children": found["children"]})]
    keep_tasks(
        kind=TASK, subject_kind=SUBJECT, role="approver", harm=Harm.LOSS, wanted=wanted, outcome="done", by=by,
        among=[county],
    )  # fmt: skip


def _record(opening: Opening, act: str, *, by: Person, on: date) -> None:
    child = opening.child.leading
    record(
        by=by, act=act, subject_kind="child", subject_key=child.file_number, division_code=child.responsible_code,
        on=on, details={"opening": opening.pk, "paid_through": f"{opening.paid_through:%Y-%m}"},
    )  # fmt: skip

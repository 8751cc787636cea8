"""Moving a file from one responsible place to another: until it is taken on, the former place is responsible."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.tasks import close_tasks, move_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.divisions.queries import valid_on
from hutong.law.changes import MOVING
from hutong.law.division_code import Level, level_of
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import locked, require_open, require_reason, write_change
from hutong.registry.models import Change, Child, Move
from hutong.registry.models.change import Kind, MoveStage

WAITING = (MoveStage.REQUESTED, MoveStage.OFFERED)
TASKS = ["receive_child", "give_child"]


@transaction.atomic
def offer_move(
    *,
    by: Person,
    child: Child,
    to_code: str,
    reason: str,
    revision: int,
    on: date,
    living_code: str = "",
    address: str = "",
    words: str = "",
) -> Move:
    """Offer a file (迁出) to the place that becomes responsible; within one's own area it is handed over at once.

    Raises NotAllowed, Overtaken and Refused.
    """
    require(by, Permission.CHANGE_CHILDREN, code=child.responsible_code, on=on)
    require_reason(reason, MOVING, words)
    child = locked(child, by=by, on=on, revision=revision)
    move = _ask(
        by,
        child,
        MoveStage.OFFERED,
        to_code=to_code,
        living_code=living_code,
        address=address,
        reason=reason,
        words=words,
        on=on,
    )
    if may(by, Permission.CHANGE_CHILDREN, code=to_code, on=on):
        _hand_over(move, child, by=by, on=on)
    else:
        _open_task(move, child, "receive_child", move.to_code, on=on)
    return move


@transaction.atomic
def request_move(
    *, by: Person, child: Child, to_code: str, reason: str, on: date, living_code: str = "", words: str = ""
) -> Move:
    """Ask for a file (申请迁入) that another place holds; it decides. A closed one comes closed, to be reopened here.

    Raises NotAllowed and Refused.
    """
    require(by, Permission.CHANGE_CHILDREN, code=to_code, on=on)
    require_reason(reason, MOVING, words)
    child = locked(child, by=by, on=on)
    move = _ask(
        by,
        child,
        MoveStage.REQUESTED,
        to_code=to_code,
        living_code=living_code,
        address="",
        reason=reason,
        words=words,
        on=on,
    )
    _open_task(move, child, "give_child", child.responsible_code, on=on)
    return move


def _ask(
    by: Person,
    child: Child,
    stage: MoveStage,
    *,
    to_code: str,
    living_code: str,
    address: str,
    reason: str,
    words: str,
    on: date,
) -> Move:
    if stage == MoveStage.OFFERED:
        require_open(child)
    _require_places(child, to_code, living_code, on=on)
    require_no_move(child)
    move: Move = Move.objects.create(
        child=child,
        stage=stage,
        from_code=child.responsible_code,
        to_code=to_code,
        living_code=living_code,
        address=address.strip() or None,
        on=on,
        reason=reason,
        words=words.strip() or None,
        by=by,
    )
    act = "offer_move" if stage == MoveStage.OFFERED else "request_move"
    _record(act, move, by=by, on=on, code=move.from_code if stage == MoveStage.OFFERED else move.to_code)
    return move


def _require_places(child: Child, to_code: str, living_code: str, *, on: date) -> None:
    if to_code == child.responsible_code:
        raise Refused(_("This place is responsible already."))
    codes = {code for code in (to_code, living_code) if code}
    if valid_on(on).filter(code__in=codes).count() < len(codes):
        raise Refused(_("Choose the place from the list that opens as you type."))
    if any(level_of(code) not in (Level.VILLAGE, Level.TOWNSHIP) for code in codes):
        raise Refused(_("Choose a village or a township."))


@transaction.atomic
def accept_move(*, by: Person, move: Move, on: date) -> Move:
    """Accept a move (同意迁移): the receiving place takes on an offer, the holding place gives what was asked for.

    Raises NotAllowed and Refused.
    """
    move, child = _waiting(move, by=by, on=on)
    require(by, Permission.CHANGE_CHILDREN, code=answering_code(move), on=on)
    if by.pk == move.by_id:
        raise Refused(_("The other place has to answer."))
    if move.from_code != child.responsible_code:
        raise Refused(_("The file has gone to another place meanwhile."))
    _hand_over(move, child, by=by, on=on)
    return move


@transaction.atomic
def refuse_move(*, by: Person, move: Move, words: str, on: date) -> Move:
    """Refuse a move (不同意迁移) with a reason; whoever asked may take it back. Raises NotAllowed and Refused."""
    move, _child = _waiting(move, by=by, on=on)
    is_own = by.pk == move.by_id
    if not is_own:
        require(by, Permission.CHANGE_CHILDREN, code=answering_code(move), on=on)
    if not words.strip():
        raise Refused(_("Say in a few words why."))
    _decide(move, MoveStage.TAKEN_BACK if is_own else MoveStage.REFUSED, by=by, words=words)
    _record("take_back_move" if is_own else "refuse_move", move, by=by, on=on, code=move.from_code)
    return move


def answering_code(move: Move) -> str:
    """The place that has to answer (待答复地)."""
    return move.to_code if move.stage == MoveStage.OFFERED else move.from_code


def _waiting(move: Move, *, by: Person, on: date) -> tuple[Move, Child]:
    child = locked(move.child, by=by, on=on)
    move = Move.objects.select_for_update().get(pk=move.pk)
    if move.stage not in WAITING:
        raise Refused(_("This has been decided already. Load the page again."))
    return move, child


def require_no_move(child: Child) -> None:
    """Raises Refused while a hand-over waits for an answer (尚有待答复的迁移)."""
    if child.moves.filter(stage__in=WAITING).exists():
        raise Refused(_("A hand-over of this file waits for an answer already."))


def take_back_moves(child: Child, *, by: Person) -> None:
    """Take back the hand-over of a locked child that waits (撤回待答复的迁移): its file is closed."""
    for move in child.moves.filter(stage__in=WAITING):
        _decide(move, MoveStage.TAKEN_BACK, by=by)


def _hand_over(move: Move, child: Child, *, by: Person, on: date) -> Change:
    before = _places(child)
    child.responsible_code = move.to_code
    if move.living_code:
        child.living_code, child.address = move.living_code, move.address.open() if move.address else None
    _decide(move, MoveStage.ACCEPTED, by=by)
    move_tasks(subject_kind="child", subject_key=child.file_number, division_code=move.to_code)
    _record("take_on_child", move, by=by, on=on, code=move.to_code)
    return write_change(
        by=by,
        child=child,
        kind=Kind.MOVE,
        on=on,
        reason=move.reason,
        words=move.words.open() if move.words else "",
        before=before,
        after=_places(child),
        division_code=move.from_code,
    )


def _places(child: Child) -> dict[str, str]:
    return {
        "responsible_division": child.responsible_code,
        "living_division": child.living_code,
        "living_address": child.address.open() if child.address else "",
    }


def _decide(move: Move, stage: MoveStage, *, by: Person, words: str = "") -> None:
    move.stage, move.decided_by, move.decided_at = stage, by, timezone.now()
    move.answer = words.strip() or None
    move.save()
    if by.pk != move.by_id:
        _tell(move)
    key = move.child.file_number
    close_tasks(
        by=by, subject_kind="child", subject_key=key, kinds=[*TASKS, "hand_over", "second_file"], outcome=str(stage)
    )


def _tell(move: Move) -> None:
    """Whoever asked hears the answer."""
    notify(
        kind=f"move_{move.stage}",
        subject_kind="move",
        subject_key=str(move.pk),
        recipient=move.by,
        values={"file": move.child.file_number},
    )


def _open_task(move: Move, child: Child, kind: str, code: str, *, on: date) -> None:
    open_task(
        kind=kind,
        subject_kind="child",
        subject_key=child.file_number,
        division_code=code,
        role="township_supervisor",
        due_on=due_on(kind, on=on, jurisdiction=code),
        harm=Harm.LOSS,
        values={"move": move.pk},
    )


def _record(act: str, move: Move, *, by: Person, on: date, code: str) -> None:
    record(
        by=by,
        act=act,
        subject_kind="child",
        subject_key=move.child.file_number,
        division_code=code,
        on=on,
        details={"move": move.pk},
    )


@transaction.atomic
def look_at_move(*, by: Person, move: Move, on: date) -> Child:
    """Look at a move (查看迁移) that waits: who comes or goes, as much as the answer needs; recorded.

    Raises NotAllowed, and Refused where it has been decided.
    """
    if not any(may(by, Permission.CHANGE_CHILDREN, code=code, on=on) for code in (move.from_code, move.to_code)):
        raise NotAllowed(Permission.CHANGE_CHILDREN)
    move, child = _waiting(move, by=by, on=on)
    _record("look_at_move", move, by=by, on=on, code=move.from_code)
    return child

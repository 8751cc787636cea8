"""Moves (迁移): files on their way between the featured counties and their neighbours, in every stage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from hutong.accounts.models import Person, Task
from hutong.demo.happenings import Happening, Happenings, about_child, office_hour, record_acts
from hutong.demo.places import FEATURED_TOWNSHIP, Places
from hutong.demo.staff import FEATURED, username
from hutong.demo.writing import Filed, seal
from hutong.law.task_days import due_on
from hutong.registry.actions.entering import Row, enter, new_ids
from hutong.registry.models import Move
from hutong.registry.models.change import Kind, MoveStage

LIJUN, YONGNING, HELAN = FEATURED_TOWNSHIP, "640121", "640122"
ROUTES = (
    (MoveStage.OFFERED, HELAN, LIJUN), (MoveStage.OFFERED, YONGNING, HELAN), (MoveStage.OFFERED, "640181", YONGNING),
    (MoveStage.OFFERED, "640106", HELAN), (MoveStage.REQUESTED, LIJUN, HELAN), (MoveStage.REQUESTED, HELAN, LIJUN),
    (MoveStage.REQUESTED, HELAN, YONGNING), (MoveStage.REQUESTED, YONGNING, "640106"),
    (MoveStage.ACCEPTED, "640181", LIJUN), (MoveStage.ACCEPTED, YONGNING, HELAN),
    (MoveStage.ACCEPTED, "640106", YONGNING), (MoveStage.REFUSED, HELAN, YONGNING),
    (MoveStage.REFUSED, LIJUN, "640181"), (MoveStage.TAKEN_BACK, LIJUN, "640106"),
)  # fmt: skip
"""By stage, from where, to where: so that each featured officer has one to answer and one that waits for others."""

REASONS = ("family_moved", "with_parents", "guardian_changed", "registered_elsewhere")
ANSWERS = {MoveStage.REFUSED: "入户核实，儿童仍在原住址生活", MoveStage.TAKEN_BACK: "家长改变计划，暂不搬迁"}
ACTS = {
    MoveStage.OFFERED: "offer_move", MoveStage.REQUESTED: "request_move", MoveStage.ACCEPTED: "take_on_child",
    MoveStage.REFUSED: "refuse_move", MoveStage.TAKEN_BACK: "take_back_move",
}  # fmt: skip
WORDS = "随家庭搬迁，已在新住址居住"


@dataclass(frozen=True, slots=True)
class InventedMove:
    """A move (迁移) of one file: its stage, from and to which place, by whom, and who decided."""

    filed: Filed
    stage: MoveStage
    from_code: str
    to_code: str
    on: date
    reason: str
    by: str
    decided_by: str = ""


class Moves:
    """Whoever makes up moves (虚构迁移), of the day `on`."""

    def __init__(self, random: Random, happenings: Happenings, places: Places, *, on: date) -> None:
        self._random, self._happenings, self._places, self._on = random, happenings, places, on

    def all(self) -> Iterator[InventedMove]:
        """One for each route that has a child."""
        for stage, giver, taker in ROUTES:
            is_over = stage == MoveStage.ACCEPTED
            for filed in self._happenings.take(taker if is_over else giver, 1):
                yield self._move(filed, stage, giver, taker)

    def _move(self, filed: Filed, stage: MoveStage, giver: str, taker: str) -> InventedMove:
        here = filed[2].responsible_code
        is_over = stage == MoveStage.ACCEPTED
        there = self._random.choice(self._places.within(giver if is_over else taker)).code
        from_code, to_code = (there, here) if is_over else (here, there)
        days = self._random.randint(1, 4) if stage in (MoveStage.OFFERED, MoveStage.REQUESTED) else 30
        on = self._on - timedelta(days=days)
        by = _whose(taker if stage == MoveStage.REQUESTED else giver)
        decider = {MoveStage.ACCEPTED: _whose(taker), MoveStage.REFUSED: _whose(taker), MoveStage.TAKEN_BACK: by}
        reason = self._random.choice(REASONS)
        return InventedMove(filed, stage, from_code, to_code, on, reason, by, decider.get(stage, ""))


def _whose(place: str) -> str:
    """Who gives or takes files at a place: the township's supervisor, or the county's officer."""
    return FEATURED.get(("township_supervisor", place)) or username("county_officer", place)


def handed_over(moves: Sequence[InventedMove]) -> list[Happening]:
    """The changes of files that were handed over (迁移变更)."""
    found = []
    for move in moves:
        if move.stage == MoveStage.ACCEPTED:
            before, after = {"responsible_division": move.from_code}, {"responsible_division": move.to_code}
            day = move.on + timedelta(days=2)
            happening = Happening(
                move.filed,
                Kind.MOVE,
                day,
                move.decided_by,
                move.reason,
                WORDS,
                before,
                after,
                division_code=move.from_code,
            )
            found.append(happening)
    return found


def write_moves(moves: Sequence[InventedMove], people: dict[str, Person], *, on: date) -> list[Task]:
    """Writes the moves (写入迁移) and their entries in the trail; the tasks of those who have to answer."""
    ids = new_ids(len(moves), Move)
    enter(Move, (_row(at, move, people) for at, move in zip(ids, moves, strict=True)))
    acts = sorted((one.decided_by or one.by, ACTS[one.stage], one.filed[1], one.from_code) for one in moves)
    record_acts(acts, people, on=on)
    return [_task(at, move) for at, move in zip(ids, moves, strict=True) if not move.decided_by]


def _row(move_id: int, move: InventedMove, people: dict[str, Person]) -> Row:
    at, answer = office_hour(move.on, 7), seal(Move, "answer", ANSWERS.get(move.stage, ""))
    decided_at: datetime | None = at + timedelta(days=2) if move.decided_by else None
    decider = people[move.decided_by].pk if move.decided_by else None
    route = (move.from_code, move.to_code, move.to_code if move.stage == MoveStage.OFFERED else "")
    said = (move.on, move.reason, seal(Move, "words", WORDS), people[move.by].pk, at, decider, decided_at, answer)
    return move_id, move.filed[0], move.stage.value, *route, *said


def _task(move_id: int, move: InventedMove) -> Task:
    is_offered = move.stage == MoveStage.OFFERED
    kind = "receive_child" if is_offered else "give_child"
    return about_child(
        kind,
        move.filed[1],
        move.to_code if is_offered else move.from_code,
        role="township_supervisor",
        due_on=due_on(kind, on=move.on),
        move=move_id,
    )

"""Reads around one child (儿童档案): family, life, papers' facts, changes, moves, timeline.

Whoever calls has the child from `visible_to` and says whether sensitive facts may be shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of
from hutong.law.changes import IMPORTING
from hutong.law.form_questions import QUESTIONS
from hutong.registry.intake.judge import id_indexes
from hutong.registry.models import (
    CategoryHolding,
    Change,
    Child,
    Circumstance,
    Guardian,
    HealthFact,
    HouseholdMember,
    Merge,
    Move,
    Observation,
    OtherAid,
    Parent,
    Study,
)
from hutong.registry.models.change import Kind, MoveStage, Stage
from hutong.registry.models.facts import FACTS, NOUN_OF, SEALED_PART, Fact
from hutong.registry.models.life import Sensitivity
from hutong.registry.models.merge import MergeStage
from hutong.registry.queries import files_of, visible_children

WAITING = (MoveStage.REQUESTED, MoveStage.OFFERED)


@dataclass(frozen=True)
class Family:
    """The people around a child (家庭情况): the open rows first, then those that have ended; of all its files."""

    guardians: list[Guardian]
    parents: list[Parent]
    household: list[HouseholdMember]


def family(child: Child, *, sensitive: bool) -> Family:
    """Guardians, parents with their circumstances, and the household."""
    shown = Circumstance.objects.order_by("-from_on").prefetch_related("evidence")
    circumstances = shown if sensitive else Circumstance.objects.none()
    parents = Parent.objects.filter(child__in=files_of(child))
    parents = parents.prefetch_related("evidence", Prefetch("circumstances", circumstances))
    return Family(
        _open_first(Guardian.objects.filter(child__in=files_of(child))),
        _open_first(parents),
        household(child),
    )


Kin = TypeVar("Kin", Guardian, Parent)


def _open_first(rows: Iterable[Kin]) -> list[Kin]:
    return sorted(rows, key=lambda row: (row.until_on is not None, -(row.from_on or date.min).toordinal()))


def once(child: Child, rows: Iterable[Kin]) -> list[tuple[Kin, tuple[str, ...]]]:
    """Guardians or parents, each once where several files of a child say the same (相同合并显示), its own file's first.

    With each the numbers of the joined files that say so too. Somebody with circumstances in a joined file stays apart.
    """
    found: dict[tuple[object, ...], list[Kin]] = {}
    for row in rows:
        found.setdefault(_who(row), []).append(row)
    return [_first(child, alike) for alike in found.values()]


def _who(row: Guardian | Parent) -> tuple[object, ...]:
    sealed = [value.open() if value else "" for value in (row.id_number, row.phone)]
    if isinstance(row, Guardian):
        return (row.name, row.relation, row.kind, *sealed, row.until_on)
    apart = row.pk if row.circumstances.all() else 0
    return (row.name, row.role, row.is_unknown, *sealed, row.until_on, apart)


def _first(child: Child, alike: list[Kin]) -> tuple[Kin, tuple[str, ...]]:
    first = next((row for row in alike if row.child_id == child.pk), alike[0])
    files = dict.fromkeys(row.child.file_number for row in alike if row.child_id not in (child.pk, first.child_id))
    return first, tuple(files)


def household(child: Child) -> list[HouseholdMember]:
    """Who lives with a child now (家庭户成员), the child included; nobody where no household is known.

    Its own file's household, else that of a joined one. Of a child with several files the leading one stands there.
    """
    current = HouseholdMember.objects.filter(until_on__isnull=True)
    homes = {member.child_id: member.household_id for member in current.filter(child__in=files_of(child))}
    if not homes:
        return []
    home = homes.get(child.pk) or next(iter(homes.values()))
    members = current.filter(household=home).select_related("household", "child").order_by("child", "id")
    there = {member.child_id for member in members}
    return [one for one in members if one.child is None or one.child.canonical_id not in there - {None}]


def siblings_parents(parent: Parent) -> list[Parent]:
    """The same person as parent of other children (同一父母的其他子女), by the number alone; none of a joined file."""
    if parent.id_number is None:
        return []
    others = Parent.objects.filter(id_index__in=id_indexes(parent.id_number.open()), child__closed_on__isnull=True)
    others = others.filter(child__canonical__isnull=True)
    others = others.exclude(child__in=[parent.child_id, parent.child.canonical_id])
    return list(others.select_related("child").order_by("child_id"))


def siblings(user: Person, child: Child, *, on: date) -> list[Child]:
    """Other visible children of the same household or of a parent with the same number (兄弟姐妹)."""
    found = {member.child.leading.pk for member in household(child) if member.child}
    for parent in Parent.objects.filter(child__in=files_of(child), id_index__isnull=False).select_related("child"):
        found.update(other.child_id for other in siblings_parents(parent))
    return list(visible_children(user, on=on).filter(pk__in=found - {child.pk, child.canonical_id}))


@dataclass(frozen=True)
class Life:
    """What holds of a child (生活情况)."""

    circumstances: list[Circumstance]
    health: list[HealthFact]
    study: list[Study]
    aid: list[OtherAid]


def life(child: Child, *, sensitive: bool) -> Life:
    """Circumstances, health, study and other aid; the latest first. Secret health is never among them."""
    classes = [Sensitivity.ORDINARY, Sensitivity.SENSITIVE] if sensitive else [Sensitivity.ORDINARY]
    theirs = {"child__in": files_of(child)}
    own = Circumstance.objects.filter(**theirs, parent__isnull=True) if sensitive else Circumstance.objects.none()
    health = HealthFact.objects.filter(**theirs, sensitivity__in=classes)
    rows = (own, health, Study.objects.filter(**theirs), OtherAid.objects.filter(**theirs))
    return Life(*(list(found.order_by("-from_on", "-id").prefetch_related("evidence")) for found in rows))


SENSITIVE_QUESTIONS = [code for code, question in QUESTIONS.items() if question.is_sensitive]


def observations_of(child: Child, *, sensitive: bool) -> list[Observation]:
    """What forms have said of a child (登记表所填), the latest day first, each day in the order of the form."""
    found = Observation.objects.filter(child__in=files_of(child))
    if not sensitive:
        found = found.exclude(question__in=SENSITIVE_QUESTIONS)
    asked = list(QUESTIONS)
    return sorted(
        found, key=lambda one: (-one.observed_on.toordinal(), one.child_id, asked.index(one.question), one.pk)
    )


def latest_observations(child: Child, *, sensitive: bool) -> dict[str, Observation]:
    """The latest answer to each question (最近一次所填), by question."""
    said = observations_of(child, sensitive=sensitive)
    return {one.question: one for one in sorted(said, key=lambda one: (one.observed_on, one.pk))}


def observation_of(child: Child, number: int) -> Observation | None:
    """One answer of a form about a child."""
    return Observation.objects.filter(child__in=files_of(child), pk=number).first()


def holdings(child: Child) -> list[CategoryHolding]:
    """The categories of a child (持有类别), open ones first; of all its files."""
    rows = CategoryHolding.objects.filter(child__in=files_of(child))
    return sorted(rows, key=lambda row: (row.until_on is not None, -row.from_on.toordinal()))


def open_holdings(child: Child) -> list[CategoryHolding]:
    """The categories that a child holds now (现有类别), of all its files."""
    return [row for row in holdings(child) if row.until_on is None]


def holding_of(child: Child, number: int) -> CategoryHolding | None:
    """One category of a child."""
    return CategoryHolding.objects.filter(child__in=files_of(child), pk=number).first()


def fact_of(child: Child, noun: str, number: int, *, sensitive: bool) -> Fact | None:
    """One fact of a child; what is secret is never opened this way."""
    if noun not in FACTS or (noun == "circumstance" and not sensitive):
        return None
    found: Fact | None = FACTS[noun]._default_manager.filter(child__in=files_of(child), pk=number).first()
    if isinstance(found, HealthFact):
        is_hidden = found.sensitivity == Sensitivity.SECRET or (
            found.sensitivity == Sensitivity.SENSITIVE and not sensitive
        )
        return None if is_hidden else found
    return found


SENSITIVE_COLUMNS = [
    f"{NOUN_OF[model]}.{name}"
    for model in (Circumstance, HealthFact)
    for name in (*(field.name for field in model._meta.fields), "papers")
]
"""What of a change tells of circumstances and health (敏感变更栏), whichever attribute of theirs it was."""


def changes(child: Child, *, sensitive: bool, sealed: bool = False) -> QuerySet[Change]:
    """The changes of a file (变更记录), the latest first; those of sealed parts only for whoever may open them."""
    found = Change.objects.filter(child__in=files_of(child)).select_related("by", "decided_by")
    if not sealed:
        found = found.exclude(columns__contains=[SEALED_PART])
    if not sensitive:
        found = found.exclude(columns__overlap=SENSITIVE_COLUMNS)
    return found.order_by("-at", "-id")


def proposal(child: Child) -> Change | None:
    """What waits for a second person (待确认事项)."""
    return child.changes.filter(stage=Stage.PROPOSED).select_related("by").first()


def open_move(child: Child) -> Move | None:
    """A hand-over that waits for an answer (待答复的迁移)."""
    return child.moves.filter(stage__in=WAITING).select_related("by").first()


def moves(user: Person, *, on: date) -> QuerySet[Move]:
    """The moves from and to the places where a person changes files (迁入迁出), those that wait first."""
    area = jurisdiction_of(user, Permission.CHANGE_CHILDREN, on=on)
    rows = Move.objects.filter(area.where("from_code") | area.where("to_code"))
    return rows.select_related("child", "by", "decided_by").order_by("-at", "-id")


def waiting(rows: QuerySet[Move]) -> QuerySet[Move]:
    """Those moves that wait for an answer."""
    return rows.filter(stage__in=WAITING)


@dataclass(frozen=True)
class Event:
    """Event (事项) on a child's timeline: the day, what kind, which words, and what fills them."""

    on: date
    kind: str
    code: str
    values: dict[str, str]
    file: str = ""


def timeline(child: Child, *, sensitive: bool) -> list[Event]:
    """What the registry knows of a child, the latest first; `file` is the joined file that says so."""
    events = [Event(child.birth_date, "register", "born", {}), *_joinings(child)]
    for file in files_of(child):
        said = [
            Event(timezone.localdate(file.registered_at), "register", "registered", {}),
            *_spans(file, sensitive=sensitive),
            *_acts(file),
        ]
        events += said if file is child else [replace(event, file=file.file_number) for event in said]
    return sorted(events, key=lambda event: (event.on, ORDER.get(event.code.rpartition("_")[2], 0)), reverse=True)


ORDER = {
    "registered": 1, "from": 2, "until": 3, "alter": 3, "close": 4, "reopen": 5, "move": 6, "recode": 7, "join": 8,
    "part": 9,
}  # fmt: skip
"""Which comes first of what happened on one day."""


def _spans(child: Child, *, sensitive: bool) -> Iterable[Event]:
    for holding in child.holdings.all():
        values = {"category": holding.category, "decision": holding.decision_number}
        yield from _span("category", "change", holding.from_on, holding.until_on, values)
    for guardian in child.guardians.all():
        values = {"name": guardian.name, "relation": guardian.relation, "kind": guardian.kind}
        yield from _span("guardian", "change", guardian.from_on, guardian.until_on, values)
    for study in Study.objects.filter(child=child):
        values = {"level": study.level, "school": study.school}
        yield from _span("study", "register", study.from_on, study.until_on, values)
    for aid in OtherAid.objects.filter(child=child):
        yield from _span("aid", "money", aid.from_on, aid.until_on, {"aid": aid.kind})
    if sensitive:
        for fact in Circumstance.objects.filter(child=child).select_related("parent"):
            whose = {"role": fact.parent.role, "name": fact.parent.name} if fact.parent else {"role": "", "name": ""}
            yield from _span("circumstance", "risk", fact.from_on, fact.until_on, whose | {"kind": fact.kind})


def _span(code: str, kind: str, from_on: date | None, until_on: date | None, values: dict[str, str]) -> Iterable[Event]:
    if from_on:
        yield Event(from_on, kind, f"{code}_from", values)
    if until_on:
        yield Event(until_on, kind, f"{code}_until", values)


SHOWN_ACTS = (Kind.CLOSE, Kind.REOPEN, Kind.RECODE)


def _acts(child: Child) -> Iterable[Event]:
    for change in child.changes.filter(kind__in=SHOWN_ACTS, stage=Stage.DONE):
        yield Event(change.on, "change", f"file_{change.kind}", {"reason": change.reason})
    for change in child.changes.filter(reason__in=IMPORTING, stage=Stage.DONE):
        yield Event(change.on, "change", "file_alter", {"reason": change.reason, "columns": " ".join(change.columns)})
    for move in child.moves.filter(stage=MoveStage.ACCEPTED):
        on = timezone.localdate(move.decided_at)
        yield Event(on, "change", "file_move", {"from": move.from_code, "to": move.to_code})


def _joinings(child: Child) -> Iterable[Event]:
    for merge in merges_of(child):
        other = merge.joined if merge.leading_id == child.pk else merge.leading
        values = {"file": other.file_number, "side": "leading" if merge.leading_id == child.pk else "joined"}
        yield Event(timezone.localdate(merge.decided_at), "change", "file_join", values)
        if merge.undone_at:
            yield Event(timezone.localdate(merge.undone_at), "change", "file_part", values)
            yield from _put_back(merge, values["file"]) if merge.joined_id == child.pk else ()


def _put_back(merge: Merge, leading: str) -> Iterable[Event]:
    """Categories of a joined file that were ended on the one that led, and went on when the files were parted."""
    ends = {one["holding"]: one["after"] for one in merge.ended}
    for held in CategoryHolding.objects.filter(pk__in=ends):
        values = {"category": held.category, "until": ends[held.pk], "file": leading}
        yield Event(timezone.localdate(merge.undone_at), "change", "file_back", values)


def merges_of(child: Child) -> QuerySet[Merge]:
    """The merges of a file that took effect (合并记录), undone ones too, the latest first."""
    theirs = Q(leading=child) | Q(joined=child)
    found = Merge.objects.filter(theirs, stage__in=[MergeStage.DONE, MergeStage.UNDONE])
    return found.select_related("leading", "joined", "by", "decided_by", "undone_by").order_by("-id")


def member_of(child: Child, number: int) -> HouseholdMember | None:
    """One member of the household of a child."""
    return next((member for member in household(child) if member.pk == number), None)


def parent_of(child: Child, number: int) -> Parent | None:
    """One parent of a child, of this very file: something is to be recorded of them."""
    return Parent.objects.filter(child=child, pk=number).first()


def change_of(child: Child, number: int) -> Change | None:
    """One change of a file."""
    return child.changes.filter(pk=number).first()


def move_with_number(user: Person, number: int, *, on: date) -> Move | None:
    """One move from or to a place where a person changes files."""
    return moves(user, on=on).filter(pk=number).first()

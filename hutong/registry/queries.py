"""Reads of the registry. The first argument is who asks; nothing is found that is not theirs to see."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from hutong.accounts.field_classes import SECRET_SCOPE
from hutong.accounts.jurisdiction import Area
from hutong.accounts.models import Grant, Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, may
from hutong.kit.staging import ADMISSIBLE, RowProblem, State, read_notes, read_problems
from hutong.law.circumstances import HIDDEN
from hutong.law.division_code import LENGTH_OF, Level
from hutong.registry.alike import alike
from hutong.registry.intake.judge import id_indexes, matching_indexes
from hutong.registry.intake.known import Answered, KnownChild
from hutong.registry.linkage.record import Record
from hutong.registry.models import Child, Circumstance, Evidence, Guardian, ImportBatch, ImportRow, Parent
from hutong.registry.models.guardian import Kind as GuardianKind
from hutong.registry.models.parent import Role

CHILD_SCOPE = "child"
INDEXES = "SELECT decode(said, 'hex') FROM unnest(string_to_array(%s, ' ')) AS said"
"""Blind indexes out of one text: a driver that writes an array of bytes takes longer than the question."""


def visible_to(user: Person, *, on: date) -> QuerySet[Child]:
    """The files a person sees on a day: their jurisdiction, and each child a grant opens.

    A joined file is seen where the one that leads it is; whoever lists or counts children asks `visible_children`.
    """
    jurisdiction = jurisdiction_of(user, Permission.SEE_CHILDREN, on=on)
    granted = jurisdiction.granted(CHILD_SCOPE)
    leading, joined = _within(jurisdiction.areas, ""), _within(jurisdiction.areas, "canonical__")
    condition = Q(canonical__isnull=True) & leading | joined
    if granted:
        condition |= Q(file_number__in=granted) | Q(canonical__file_number__in=granted)
    return Child.objects.filter(condition)


def visible_children(user: Person, *, on: date) -> QuerySet[Child]:
    """The children a person sees on a day, each once: files that lead, or stand alone (儿童，每人一份)."""
    jurisdiction = jurisdiction_of(user, Permission.SEE_CHILDREN, on=on)
    granted, condition = jurisdiction.granted(CHILD_SCOPE), _within(jurisdiction.areas, "")
    if granted:
        condition |= Q(file_number__in=granted)
    return Child.objects.filter(condition, canonical__isnull=True)


def _within(areas: Iterable[Area], path: str) -> Q:
    return reduce(or_, (_inside(area, path) for area in areas), Q(pk__in=[]))


def _inside(area: Area, path: str) -> Q:
    """The children of an area; whole counties by their own column, whose index is in the order of lists."""
    if area.exclusions or any(len(prefix) != LENGTH_OF[Level.COUNTY] for prefix in area.prefixes):
        return area.where(f"{path}responsible_code")
    return Q(**{f"{path}county_prefix__in": area.prefixes})


def files_of(child: Child) -> list[Child]:
    """The files of a child (同一儿童的档案): its own first, then those joined to it; asked once for each object."""
    prefetch_related_objects([child], "joined_files")
    return [child, *child.joined_files.all()]


def leading_of(children: Sequence[int]) -> dict[int, int]:
    """The files of many children (档案) by id: of each the one that leads, given the ids of those that do."""
    joined = dict(Child.objects.filter(canonical__in=children).values_list("pk", "canonical_id"))
    return {number: number for number in children} | joined


LEADING = Coalesce("canonical_id", "pk")
"""The id of the file that leads (主档案), where a question starts from any file."""


def hidden_among(children: Collection[Child], *, on: date) -> set[int]:
    """Of these children those whose whereabouts are kept secret on a day (住所保密), by id; joined files count too."""
    whose = [child.pk for child in children]
    kept = Circumstance.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), kind=HIDDEN, from_on__lte=on)
    theirs = kept.filter(Q(child__in=whose) | Q(child__canonical__in=whose)).order_by()
    return set(theirs.annotate(led=Coalesce("child__canonical", "child")).values_list("led", flat=True))


RECEIVED_SCOPE = "received"
"""Kind of the grants that open a child to the township that received its application (受理地授权)."""
BY_RECEIVING = frozenset(
    {Permission.APPLY, Permission.ACCEPT_APPLICATIONS, Permission.ADD_EVIDENCE, Permission.SEE_SENSITIVE}
)
"""What such a grant opens, to whoever may do it at their own place."""


def is_received(user: Person, permission: Permission, child: Child, *, on: date) -> bool:
    """Whether a person may do one thing for another place’s child, whose application was received here (异地受理).

    Not for one whose whereabouts are kept secret.
    """
    own, file = jurisdiction_of(user, permission, on=on), child.leading
    granted = permission in BY_RECEIVING and bool(own.areas) and file.file_number in own.granted(RECEIVED_SCOPE)
    return granted and file.pk not in hidden_among([file], on=on)


def may_for(user: Person, permission: Permission, child: Child, *, on: date) -> bool:
    """Whether a person may do one thing for a child on a day: at its place, or where its application was received."""
    at_home = may(user, permission, code=child.leading.responsible_code, on=on)
    return at_home or is_received(user, permission, child, on=on)


def sees_children(user: Person, *, on: date) -> bool:
    """Whether a person's postings or grants show them any children at all."""
    jurisdiction = jurisdiction_of(user, Permission.SEE_CHILDREN, on=on)
    return bool(jurisdiction.areas or jurisdiction.granted(CHILD_SCOPE))


def nobody() -> QuerySet[Child]:
    """No children."""
    return Child.objects.none()


def child_to_open(user: Person, file_number: str, *, on: date) -> Child | None:
    """A child whom an overseeing officer may open after stating a purpose; None where there is none in their area."""
    area = jurisdiction_of(user, Permission.OPEN_WITH_PURPOSE, on=on)
    return Child.objects.filter(area.where("responsible_code"), file_number=file_number).first()


def child_with_number(file_number: str) -> Child | None:
    """One file by its number (按档案号取档案), for an operator at the console; others ask `visible_to`."""
    return Child.objects.select_related("canonical").filter(file_number=file_number).first()


def place_of_file(file_number: str) -> str:
    """The place responsible for a file, for the trail alone: also of what its asker may not see; nothing for none."""
    found = Child.objects.filter(file_number=file_number).values_list("responsible_code", flat=True).first()
    return found or ""


def guardian_of(child: Child) -> Guardian | None:
    """Who looks after a child now."""
    current = (guardian for guardian in child.guardians.all() if guardian.until_on is None)
    return next((guardian for guardian in current if guardian.kind != GuardianKind.ENTRUSTED), None)


def may_open_secret(user: Person, child: Child, *, on: date) -> bool:
    """Whether a person is named for the sealed part of a child and still posted there."""
    seen = jurisdiction_of(user, Permission.SEE_SECRET, on=on)
    return seen.covers(child.responsible_code) and child.file_number in seen.granted(SECRET_SCOPE)


def naming(children: Iterable[Child], *, on: date) -> QuerySet[Grant]:
    """The grants that name somebody for what is sealed of children (指名授权), whether they are in post or not."""
    numbers = [child.file_number for child in children]
    found = Grant.objects.holding_on(on).filter(scope_kind=SECRET_SCOPE, scope_key__in=numbers)
    return found.select_related("person").order_by("person__name", "person_id")


def named_for(child: Child, *, on: date) -> list[Person]:
    """Who is named for what is sealed of a child and in post there (知悉人), by name."""
    people = [grant.person for grant in naming([child], on=on)]
    return [one for one in people if may(one, Permission.SEE_SECRET, code=child.responsible_code, on=on)]


def opened_by_name(user: Person, *, on: date, path: str = "") -> Q:
    """The rows of children for whom a person is named (知悉的儿童), through `path` to the child."""
    seen = jurisdiction_of(user, Permission.SEE_SECRET, on=on)
    numbers = seen.granted(SECRET_SCOPE)
    theirs = Q(**{f"{path}file_number__in": numbers}) | Q(**{f"{path}canonical__file_number__in": numbers})
    return theirs & seen.where(f"{path}responsible_code")


def papers_of(child: Child) -> QuerySet[Evidence]:
    """The papers of a child whom somebody may see, withdrawn ones too, the latest first.

    Of a joined file those that are not sealed: what is sealed opens on the page of its own file.
    """
    theirs = Q(child=child) | Q(child__in=files_of(child)[1:], is_sealed=False)
    return Evidence.objects.filter(theirs).select_related("added_by", "withdrawn_by", "child").order_by("-pk")


def papers_known_to(user: Person, child: Child, *, sensitive: bool, on: date) -> QuerySet[Evidence]:
    """The papers of a child that somebody may know of: without the right to sensitive fields, their own alone.

    What a paper is called tells of prison and illness already. Of a sealed one only people named for the child know.
    """
    papers = papers_of(child)
    if not may_open_secret(user, child, on=on):
        papers = papers.filter(is_sealed=False)
    return papers if sensitive else papers.filter(added_by=user)


def papers_unknown_to(user: Person, child: Child, *, sensitive: bool) -> int:
    """How many papers there are beside those that somebody knows of; sealed ones are not counted."""
    return 0 if sensitive else papers_of(child).filter(is_sealed=False).exclude(added_by=user).count()


def expiring(*, on: date, within_days: int) -> QuerySet[Any]:
    """The papers of open files that expire within so many days, or have expired, and that no newer one replaces.

    Each with `file_number` and `place` of the file that leads. A sealed one is not among them: a task would tell of it.
    """
    newer = Evidence.objects.alias(file=_leading_file()).filter(
        file=OuterRef("file"), kind=OuterRef("kind"), pk__gt=OuterRef("pk"), withdrawn_on__isnull=True
    )
    found = Evidence.objects.annotate(
        file=_leading_file(),
        file_number=Coalesce("child__canonical__file_number", "child__file_number"),
        place=Coalesce("child__canonical__responsible_code", "child__responsible_code"),
    )
    return found.filter(
        ~Exists(newer),
        Q(child__canonical__isnull=True, child__closed_on__isnull=True)
        | Q(child__canonical__isnull=False, child__canonical__closed_on__isnull=True),
        withdrawn_on__isnull=True,
        is_sealed=False,
        expires_on__lte=on + timedelta(days=within_days),
    )


def _leading_file() -> Coalesce:
    return Coalesce("child__canonical_id", "child_id")


def names_of(user: Person, file_numbers: Iterable[str], *, on: date) -> dict[str, str]:
    """The names of the children a person may see among these file numbers."""
    rows = visible_to(user, on=on).filter(file_number__in=set(file_numbers))
    return dict(rows.values_list("file_number", "name"))


def batches(user: Person, *, on: date) -> QuerySet[ImportBatch]:
    """The import batches a person may see: those of the places where they import or admit."""
    areas = jurisdiction_of(user, Permission.IMPORT_CHILDREN, on=on).where("division_code")
    areas |= jurisdiction_of(user, Permission.ADMIT_CHILDREN, on=on).where("division_code")
    return ImportBatch.objects.filter(areas).select_related("imported_by", "admitted_by")


def rows_waiting(batch: ImportBatch) -> dict[str, int]:
    """How many rows could still be admitted, by verdict; a withdrawn batch has none."""
    if batch.state == State.WITHDRAWN:
        return {}
    rows = rows_left(batch).filter(verdict__in=ADMISSIBLE).values_list("verdict").annotate(rows=Count("id")).order_by()
    return dict(rows)


def rows_admitted(batch: ImportBatch, *, since: datetime | None = None) -> int:
    """How many rows of a batch stand in the register, all or those admitted since a moment."""
    rows = batch.rows.filter(admitted_at__isnull=False)
    return (rows.filter(admitted_at__gte=since) if since else rows).count()


def rows_left(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The rows of a batch that have not been admitted."""
    return ImportRow.objects.filter(batch=batch, admitted_at__isnull=True)


def batch_problems(batch: ImportBatch, verdict: str = "") -> Iterator[RowProblem]:
    """The problems of a batch in the order of the sheet, of one verdict or of all; of the file itself first."""
    for problem in read_problems(batch.counts.get("problems", [])):
        yield RowProblem(None, problem)
    yield from read_notes(batch.counts.get("notes", []))
    rows = batch.rows.exclude(problems=[]).order_by("number")
    if verdict:
        rows = rows.filter(verdict=verdict)
    for number, problems in rows.values_list("number", "problems"):
        for problem in read_problems(problems):
            yield RowProblem(number, problem)


class RowsRegister:
    """The register as the judge asks it (在册比对), one query a question; sealed values open for comparison only.

    With `is_locking` the children found are locked, and kept under `children` by their id.
    """

    def __init__(self, *, is_locking: bool = False) -> None:
        self._is_locking = is_locking
        self.children: dict[int, Child] = {}

    def by_id(self, numbers: Collection[str]) -> dict[str, KnownChild]:
        """Children by ID number, under every index key; the number of a joined file means the one that leads."""
        said = {index: number for number in numbers for index in id_indexes(number)}
        rows = self._rows(f"SELECT id FROM registry_child WHERE id_index IN ({INDEXES})", [_as_text(said)])
        return {said[bytes(file.id_index or b"")]: known_child(child) for file, child in rows}

    def by_matching(self, known_by: Collection[str]) -> dict[str, KnownChild]:
        """Children without a number, by who they are, under every index key."""
        said = {index: text for text in known_by for index in matching_indexes(text)}
        rows = self._rows(
            f"SELECT id FROM registry_child WHERE matching_index IN ({INDEXES}) AND id_index IS NULL", [_as_text(said)]
        )
        return {said[bytes(file.matching_index)]: known_child(child) for file, child in rows}

    def by_file(self, ids: Collection[int]) -> list[KnownChild]:
        """Children by the ids of their files."""
        if not ids:
            return []
        return [known_child(child) for _file, child in self._rows("SELECT unnest(%s::bigint[])", [list(ids)])]

    def namesakes(self, names: Collection[tuple[str, date]]) -> dict[tuple[str, date], list[KnownChild]]:
        """Children of the same name and birth date."""
        said, born = ",".join(name for name, _ in names), ",".join(str(birth_date) for _, birth_date in names)
        rows = self._rows(
            """SELECT child.id FROM registry_child AS child
                 JOIN unnest(string_to_array(%s, ',')::varchar[], string_to_array(%s, ',')::date[])
                      AS said(name, birth_date) USING (name, birth_date)""",
            [said, born],
        )
        found: dict[tuple[str, date], list[KnownChild]] = {}
        for file, child in rows:
            found.setdefault((file.name, file.birth_date), []).append(known_child(child))
        return found

    def alike(self, records: Sequence[Record], *, least: float) -> dict[str, list[KnownChild]]:
        """The children who are likely to be those of records, by the record's key, the likeliest first; not where both
        have an ID number."""
        pairs = list(alike(records, least=least, both_numbered=False))
        if not pairs:
            return {}
        ids = [pair.child for pair in pairs]
        known = {file.pk: known_child(child) for file, child in self._rows("SELECT unnest(%s::bigint[])", [ids])}
        found: dict[str, list[KnownChild]] = {}
        for pair in pairs:
            found.setdefault(pair.key, []).append(known[pair.child])
        return found

    def _rows(self, ids: str, parameters: list[Any]) -> list[tuple[Child, Child]]:
        """Each file that was found, with the one that leads it: mostly the same."""
        found = {file.pk: file for file in self._read(Q(pk__in=RawSQL(ids, parameters)))}
        absent = {file.canonical_id for file in found.values() if file.canonical_id} - found.keys()
        every = found | ({child.pk: child for child in self._read(Q(pk__in=absent))} if absent else {})
        rows = [(file, every[file.canonical_id or file.pk]) for file in found.values()]
        if self._is_locking:
            self.children |= {child.pk: child for _file, child in rows}
        return rows

    def _read(self, which: Q) -> list[Child]:
        found = Child.objects.filter(which).prefetch_related(
            Prefetch("guardians", Guardian.objects.filter(until_on__isnull=True)),
            "parent_set",
            "holdings",
            "observations",
            Prefetch("joined_files", Child.objects.prefetch_related("holdings", "observations")),
        )
        return list(found.select_for_update(of=("self",)) if self._is_locking else found)


def _as_text(indexes: Iterable[bytes]) -> str:
    return " ".join(map(bytes.hex, indexes))


def said_of(child: Child) -> dict[str, str]:
    """What the register says of a child (现有信息), by column code, sealed values opened."""
    said = {
        "name": child.name,
        "sex": child.sex,
        "birth_date": child.birth_date.isoformat(),
        "ethnic_group": child.ethnic_group,
        "registered_division": child.registered_code,
        "living_division": child.living_code,
        "responsible_division": child.responsible_code,
        "living_address": child.address.open() if child.address else "",
    }
    guardian = guardian_of(child)
    if guardian:
        said |= {
            "guardian_name": guardian.name,
            "guardian_relation": guardian.relation,
            "guardian_id_number": guardian.id_number.open() if guardian.id_number else "",
            "guardian_phone": guardian.phone.open() if guardian.phone else "",
        }
    return said


ROLES = {"father": (Role.ADOPTIVE_FATHER, Role.FATHER), "mother": (Role.ADOPTIVE_MOTHER, Role.MOTHER)}


def parents_of(child: Child) -> dict[str, Parent]:
    """Father and mother of a child as they are now; adoptive parents in the place of natural ones."""
    now = {parent.role: parent for parent in child.parent_set.all() if parent.until_on is None}
    found = {title: [now[role] for role in roles if role in now] for title, roles in ROLES.items()}
    return {title: parents[0] for title, parents in found.items() if parents}


def said_of_parents(child: Child) -> dict[str, str]:
    """What the register says of father and mother (现有父母信息), by column code; who is unknown has no name."""
    said: dict[str, str] = {}
    for title, parent in parents_of(child).items():
        said |= {
            f"{title}_name": parent.name,
            f"{title}_id_number": parent.id_number.open() if parent.id_number else "",
            f"{title}_phone": parent.phone.open() if parent.phone else "",
        }
    return said


def answers_of(child: Child, *, beside: ImportBatch | None = None) -> dict[str, list[Answered]]:
    """What forms have said of a child, by question, the earliest day first; still sealed. Of `beside` nothing."""
    said: dict[str, list[Answered]] = {}
    every = (one for file in files_of(child) for one in file.observations.all())
    others = (one for one in every if beside is None or one.batch_id != beside.pk)
    for one in sorted(others, key=lambda one: (one.observed_on, one.pk)):
        said.setdefault(one.question, []).append(Answered(one.observed_on.isoformat(), one.answer))
    return said


def known_child(child: Child) -> KnownChild:
    """A child as a row meets it (在册儿童), sealed values opened: what it holds in any of its files counts."""
    held = [one for file in files_of(child) for one in file.holdings.all()]
    ended = sorted((one.category, one.until_on.isoformat()) for one in held if one.until_on)
    return KnownChild(
        child.pk,
        child.file_number,
        child.responsible_code,
        child.id_index is not None,
        said_of(child) | said_of_parents(child),
        frozenset(one.category for one in held if one.until_on is None),
        dict(ended),
        child.closed_on is not None,
        answers_of(child),
    )

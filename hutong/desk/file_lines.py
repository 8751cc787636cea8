"""Lines of a file (档案行): the rows of a child in words, with what may be shown on demand and what may be done."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.accounts.clock import today
from hutong.desk.titles import (
    circumstance_title,
    column_title,
    day,
    disability_words,
    money,
    pair_title,
    reason_title,
    span,
    value_words,
)
from hutong.desk.words import category_title, relation_title
from hutong.divisions.queries import path_names
from hutong.kit.names import mask_card, mask_id_number, mask_phone
from hutong.law.aid import AIDS
from hutong.law.circumstances import FINAL
from hutong.law.ethnic_groups import title as ethnic_title
from hutong.law.papers import PAPERS
from hutong.law.study import LEVELS
from hutong.registry import dossier
from hutong.registry.actions.changes import read_document
from hutong.registry.models import (
    CategoryHolding,
    Change,
    Child,
    Circumstance,
    Evidence,
    Guardian,
    HealthFact,
    HouseholdMember,
    Observation,
    OtherAid,
    Parent,
    Study,
)
from hutong.registry.models.change import Stage
from hutong.registry.models.facts import NOUN_OF, Fact
from hutong.registry.queries import files_of, guardian_of
from hutong.treasury.models import Payee


@dataclass(frozen=True)
class Masked:
    """A closed value (密文项): its label, its mask, and where it is shown, empty where this person may not."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """One fact in words (事实行); `file` is the joined file that it stands in, where it is not the page's own.

    `also` are joined files that say the same.
    """

    title: str
    tag: str
    when: str
    notes: list[str]
    masked: list[Masked]
    is_past: bool
    hrefs: dict[str, str] = field(default_factory=dict)
    under: list["Entry"] = field(default_factory=list)
    record_href: str = ""
    file: str = ""
    also: tuple[str, ...] = ()


class Shown:
    """Makes closed values of one child (密文项制作)."""

    def __init__(self, child: Child, shown: frozenset[str]) -> None:
        self._child, self._shown = child, shown

    def __call__(self, value: str, number: int, label: str, mask: str) -> Masked:
        url = reverse("desk:reveal", args=[self._child.file_number, value, number]) if value in self._shown else ""
        return Masked(label, mask, url)


def guardian_words(child: Child) -> str:
    """`祖母 杨秀兰`, whoever looks after a child now, as its own file or else a joined one says."""
    guardian = next(filter(None, map(guardian_of, files_of(child))), None)
    return " ".join(filter(None, (relation_title(guardian.relation), guardian.name))) if guardian else ""


@dataclass(frozen=True)
class Particular:
    """One line of a child's particulars (基本信息行); where it is said how to reach a family, it is not printed."""

    label: str
    value: str
    masked: Masked | None = None
    is_printed: bool = True


def child_particulars(child: Child, shown: frozenset[str]) -> list[Particular]:
    """The particulars of a child, closed values masked."""
    closed, guardian = Shown(child, shown), guardian_of(child)
    places = path_names(filter(None, (child.living_code, child.registered_code)))
    address = closed("child-address", 0, _("Address"), "******") if child.address else None
    return [
        _number(child, closed),
        Particular(_("Birth date"), day(child.birth_date)),
        Particular(_("Ethnic group"), ethnic_title(child.ethnic_group) or "—"),
        Particular(_("Registered place"), places.get(child.registered_code, "—")),
        Particular(_("Living place"), places.get(child.living_code, "—")),
        Particular(_("Address"), "—", address, is_printed=False),
        Particular(_("Telephone of the guardian"), "—", _phone(guardian, closed), is_printed=False),
    ]


def _phone(guardian: Guardian | None, closed: Shown) -> Masked | None:
    if guardian is None or not guardian.phone:
        return None
    mask = mask_phone(guardian.phone.open())
    return closed("guardian-phone", guardian.pk, _("Telephone of the guardian"), mask)


def _number(child: Child, closed: Shown) -> Particular:
    label = _("ID number")
    if child.id_number:
        return Particular(label, "", closed("child-id_number", 0, label, mask_id_number(child.id_number.open())))
    words = _("none: %(why)s; temporary number %(number)s")
    return Particular(label, words % {"why": child.no_id_reason, "number": child.temporary_number})


def guardian_lines(
    child: Child, guardians: Iterable[Guardian], *, can_change: bool, shown: frozenset[str]
) -> list[Entry]:
    """Guardians in words; one whom several files name alike stands there once."""
    closed = Shown(child, shown)
    can = can_change and not child.closed_on
    return [
        replace(_entry(child, one, can_change=can, closed=closed), also=also)
        for one, also in dossier.once(child, guardians)
    ]


def entry_lines(child: Child, facts: Iterable[Fact], *, can_change: bool, shown: frozenset[str]) -> list[Entry]:
    """Facts in words, with links to correct, end and strike for whoever may."""
    closed = Shown(child, shown)
    return [_entry(child, fact, can_change=can_change and not child.closed_on, closed=closed) for fact in facts]


def parent_lines(child: Child, parents: Iterable[Parent], *, can_change: bool, shown: frozenset[str]) -> list[Entry]:
    """Parents in words, each with their circumstances below; one whom several files name alike stands there once."""
    closed, can = Shown(child, shown), can_change and not child.closed_on
    lines = []
    for parent, also in dossier.once(child, parents):
        entry = replace(_entry(child, parent, can_change=can, closed=closed), also=also)
        under = [_entry(child, fact, can_change=can, closed=closed) for fact in parent.circumstances.all()]
        href = reverse("desk:record", args=[child.file_number, "circumstance"]) + f"?parent={parent.pk}"
        lines.append(replace(entry, under=under, record_href=href if can and not entry.file else ""))
    return lines


def _entry(child: Child, fact: Fact, *, can_change: bool, closed: Shown) -> Entry:
    title, tag, notes, masked = _said(fact, closed)
    is_final = isinstance(fact, Circumstance) and fact.kind in FINAL
    hrefs, file = {}, file_of(child, fact)
    if can_change and not file:
        acts = ("correct", "strike") if fact.until_on or is_final else ("correct", "end", "strike")
        where = [child.file_number, NOUN_OF[type(fact)], fact.pk]
        hrefs = {act: reverse("desk:fact", args=[*where, act]) for act in acts}
    when = day(fact.from_on) if is_final else span(fact.from_on, fact.until_on)
    is_past = fact.until_on is not None and fact.until_on < today()
    notes = [note for note in (*notes, _papers(fact)) if note]
    return Entry(title, tag, when, notes, masked, is_past, hrefs, file=file)


def file_of(child: Child, row: Fact | CategoryHolding | Change | Observation | Evidence) -> str:
    """The number of the joined file that a row stands in (所属档案); nothing for the file whose page it is."""
    return "" if row.child_id == child.pk else row.child.file_number


def _papers(fact: Fact) -> str:
    """The papers that show a fact, by kind."""
    if isinstance(fact, Guardian):
        return ""
    counting = [paper for paper in fact.evidence.all() if paper.withdrawn_on is None]
    titles = "、".join(dict.fromkeys(pair_title(PAPERS[paper.kind]) for paper in counting))
    return _("papers: %(titles)s") % {"titles": titles} if titles else ""


def _said(fact: Fact, closed: Shown) -> tuple[str, str, list[str], list[Masked]]:
    """Title, tag, notes and closed values of a fact."""
    match fact:
        case Guardian():
            return fact.name, relation_title(fact.relation), [str(fact.get_kind_display())], _person(fact, closed)
        case Parent():
            title = _("unknown") if fact.is_unknown else fact.name
            return title, str(fact.get_role_display()), [], _person(fact, closed)
        case Circumstance():
            return _circumstance(fact, closed)
        case Study():
            full = _("full time") if fact.is_full_time else _("not full time")
            return pair_title(LEVELS[fact.level]), "", [fact.school, full], []
        case HealthFact():
            words = [closed("health-words", fact.pk, _("What it says"), "******")]
            return str(fact.get_kind_display()), str(fact.get_sensitivity_display()), [], words
        case OtherAid():
            return pair_title(AIDS[fact.kind]), "", [_sum(fact)], []


def _person(person: Guardian | Parent, closed: Shown) -> list[Masked]:
    noun, masked = NOUN_OF[type(person)], []
    if person.id_number:
        mask = mask_id_number(person.id_number.open())
        masked.append(closed(f"{noun}-id_number", person.pk, _("ID number"), mask))
    if person.phone:
        masked.append(closed(f"{noun}-phone", person.pk, _("Telephone"), mask_phone(person.phone.open())))
    return masked


def _circumstance(fact: Circumstance, closed: Shown) -> tuple[str, str, list[str], list[Masked]]:
    notes, masked = [disability_words(fact.disability_class, fact.grade)], []
    if fact.reported_on:
        notes.append(_("search taken by the police on %(on)s") % {"on": day(fact.reported_on)})
    if fact.notice_on:
        notes.append(_("public notice given on %(on)s") % {"on": day(fact.notice_on)})
    if fact.certificate:
        mask = mask_id_number(fact.certificate.open())
        masked.append(closed("circumstance-certificate", fact.pk, _("Certificate number"), mask))
    if fact.note:
        masked.append(closed("circumstance-note", fact.pk, _("Note"), "******"))
    return circumstance_title(fact.kind), "", notes, masked


def _sum(aid: OtherAid) -> str:
    if aid.fen_per_month is not None:
        return _("%(sum)s yuan a month") % {"sum": money(aid.fen_per_month)}
    words = _("household %(sum)s yuan a month for %(heads)s heads")
    return words % {"sum": money(aid.household_fen_per_month or 0), "heads": aid.members}


def holding_lines(child: Child, holdings: Iterable[CategoryHolding], *, can_change: bool) -> list[Entry]:
    """Categories in words."""
    lines = []
    for row in holdings:
        may_end = can_change and row.until_on is None and not child.closed_on
        hrefs = {"end": reverse("desk:end_holding", args=[child.file_number, row.pk])} if may_end else {}
        document = _("Document %(number)s") % {"number": row.decision_number} if row.decision_number else ""
        when = span(row.from_on, row.until_on)
        notes = [document] if document else []
        title, file = category_title(row.category), file_of(child, row)
        lines.append(Entry(title, "", when, notes, [], row.until_on is not None, hrefs, file=file))
    return lines


def member_lines(child: Child, members: Iterable[HouseholdMember], *, can_change: bool) -> list[Entry]:
    """The household in words; the child itself is named as such."""
    lines = []
    for member in members:
        name = member.child.name if member.child else member.name
        tag = _("this child") if member.child_id == child.pk else relation_title(member.relation) or _("child")
        may_end = can_change and not child.closed_on and member.child_id in (None, child.pk)
        hrefs = {"end": reverse("desk:end_member", args=[child.file_number, member.pk])} if may_end else {}
        lines.append(Entry(name, tag, span(member.from_on, member.until_on), [], [], False, hrefs))
    return lines


def payee_line(child: Child, payee: Payee | None, shown: frozenset[str]) -> list[Entry]:
    """Who is paid, in words; nothing where nobody is entered."""
    if payee is None:
        return []
    card = Shown(child, shown)("payee-card", 0, _("Card"), mask_card(payee.card_tail))
    return [
        Entry(payee.name, str(payee.get_kind_display()), span(payee.opened_on, None), [payee.bank_name], [card], False)
    ]


@dataclass(frozen=True)
class Difference:
    """One column of a change (变更项): before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeLine:
    """A change in words (变更行)."""

    change: Change
    reason: str
    words: str
    answer: str
    differences: list[Difference]
    waits: bool
    file: str
    about_file: str

    @classmethod
    def of(cls, change: Change, child: Child) -> "ChangeLine":
        """A change on the page of a child, opened for a look that the caller has recorded."""
        before, after = read_document(change)
        about_file = after.pop("file", "")
        return cls(
            change,
            reason_title(change.reason),
            change.words.open() if change.words else "",
            change.answer.open() if change.answer else "",
            differences(before, after),
            change.stage == Stage.PROPOSED,
            file_of(child, change),
            about_file,
        )


def differences(before: dict[str, str], after: dict[str, str], *, is_typed: bool = False) -> list[Difference]:
    """Before and after side by side, in the order of the columns; what was just typed (`is_typed`) is not masked."""
    if "category_until" in after and "category" in after:  # what ends stands on the left
        before, after = before | {"category": after["category"]}, {**after, "category": ""}
    columns = [column for column in {**before, **after} if before.get(column, "") != after.get(column, "")]
    return [
        Difference(
            column_title(column),
            value_words(column, before.get(column, "")),
            value_words(column, after.get(column, ""), is_masked=not is_typed),
        )
        for column in columns
    ]

"""Recording, ending, correcting and striking the dated facts of a child: one way for every noun."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may
from hutong.kit.cipher import Sealed, SealedField
from hutong.kit.staging import Problem
from hutong.law.changes import ALTERING
from hutong.law.circumstances import FINAL
from hutong.registry.actions.changes import (
    WrongValues,
    locked,
    require_for,
    require_open,
    require_reason,
    write_change,
)
from hutong.registry.actions.checking import CHECKS, INDEXES
from hutong.registry.dossier import siblings_parents
from hutong.registry.intake.judge import matching_index
from hutong.registry.models import (
    Change,
    Child,
    Circumstance,
    Evidence,
    Guardian,
    HealthFact,
    OtherAid,
    Parent,
    Study,
)
from hutong.registry.models.change import Kind
from hutong.registry.models.facts import FACTS, NOUN_OF, SEALED_PART, Fact
from hutong.registry.models.life import Sensitivity
from hutong.registry.queries import is_received, said_of

HIDDEN = {"id", "child", "recorded_by", "recorded_at", "evidence", "is_entrusted", "id_index", "phone_index"}
ALIKE: dict[type[models.Model], tuple[str, ...]] = {Guardian: ("is_entrusted",), Parent: ("role",), Study: ()}
"""What a new fact takes the place of: those of the same values here."""


APPLIED_WITH = ("parent", "circumstance")
"""What the township that received an application records, too (受理地可登记)."""


class ThereAlready(Refused):
    """Such a fact holds already in these days (已有同类事实)."""

    def __init__(self) -> None:
        super().__init__(_("In these days there is such an entry already. End the earlier one first, or correct it."))


@transaction.atomic
def record_fact(
    *,
    by: Person,
    child: Child,
    noun: str,
    values: Mapping[str, Any],
    revision: int,
    reason: str,
    on: date,
    words: str = "",
    papers: Collection[Evidence] = (),
    replaces: bool = False,
    with_siblings: bool = False,
) -> Fact:
    """Record a fact (登记事实) of a child; `replaces` ends what it takes the place of the day before it begins.

    `values` are by the noun's own attributes. `with_siblings` records a circumstance of a parent with every child here
    who has the same parent and of whom it is not known yet. Raises NotAllowed, Overtaken, WrongValues and Refused.
    """
    if with_siblings:
        _lock_siblings(values.get("parent"))
    if noun not in APPLIED_WITH or not is_received(by, Permission.APPLY, child, on=on):
        require(by, Permission.CHANGE_CHILDREN, code=child.responsible_code, on=on)
    child = _begin(by, child, noun, values, revision=revision, reason=reason, words=words, on=on)
    bulk = uuid4() if with_siblings else None
    replaced = _replaced(child, noun, values) if replaces else None
    before = document(replaced) if replaced else None
    fact = _make(by, child, noun, values, papers=papers, replaced=replaced, on=on)
    _write(by, child, fact, before=before, after=document(fact), reason=reason, words=words, bulk=bulk, on=on)
    if bulk and isinstance(fact, Circumstance) and fact.parent:
        for parent in siblings_parents(fact.parent):
            _copy_to_sibling(by, parent, values, reason=reason, words=words, bulk=bulk, on=on)
    return fact


def _lock_siblings(parent: Parent | None) -> None:
    """All children of a parent, locked in one order: two officers may record with two of them at once."""
    if parent:
        others = [other.child_id for other in siblings_parents(parent)]
        list(Child.objects.select_for_update().filter(pk__in=[parent.child_id, *others]).order_by("pk"))


def _copy_to_sibling(
    by: Person, parent: Parent, values: Mapping[str, Any], *, reason: str, words: str, bulk: UUID, on: date
) -> None:
    if not may(by, Permission.CHANGE_CHILDREN, code=parent.child.responsible_code, on=on):
        return
    child = locked(parent.child, by=by, on=on)
    try:
        fact = _make(by, child, "circumstance", {**values, "parent": parent}, papers=(), replaced=None, on=on)
    except ThereAlready:
        return
    _write(by, child, fact, after=document(fact), reason=reason, words=words, bulk=bulk, on=on)


@transaction.atomic
def correct_fact(
    *,
    by: Person,
    fact: Fact,
    values: Mapping[str, Any],
    revision: int,
    reason: str,
    on: date,
    words: str = "",
    papers: Collection[Evidence] | None = None,
) -> Fact:
    """Correct a fact (更正事实) that was entered wrongly: what stood before is kept with the change.

    Raises NotAllowed, Overtaken, WrongValues and Refused.
    """
    noun = NOUN_OF[type(fact)]
    _require_class(by, fact.child, noun, sensitivity_of(fact), on=on)
    require(by, Permission.CHANGE_CHILDREN, code=fact.child.responsible_code, on=on)
    child = _begin(by, fact.child, noun, values, revision=revision, reason=reason, words=words, on=on)
    fact = type(fact)._default_manager.get(pk=fact.pk)
    before, words_before = document(fact), _secret_words(fact)
    _put(fact, values, child, on=on)
    _save(fact)
    if papers is not None and not isinstance(fact, Guardian):
        _show(fact, papers)
    after = document(fact)
    if before == after and _secret_words(fact) != words_before:
        after = {SEALED_PART: f"{after[SEALED_PART]} *"}
    _write(by, child, fact, before=before, after=after, reason=reason, words=words, on=on)
    return fact


def _secret_words(fact: Fact) -> str:
    """What a secret fact says, which its document leaves out: a correction of nothing else is one, too."""
    return fact.words.open() if sensitivity_of(fact) == Sensitivity.SECRET and isinstance(fact, HealthFact) else ""


@transaction.atomic
def end_fact(*, by: Person, fact: Fact, until_on: date, revision: int, reason: str, on: date, words: str = "") -> Fact:
    """End a fact (终止事实) after its last day. Raises NotAllowed, Overtaken, WrongValues and Refused."""
    values = {"sensitivity": sensitivity_of(fact)}
    require(by, Permission.CHANGE_CHILDREN, code=fact.child.responsible_code, on=on)
    child = _begin(by, fact.child, NOUN_OF[type(fact)], values, revision=revision, reason=reason, words=words, on=on)
    fact = type(fact)._default_manager.get(pk=fact.pk)
    before = document(fact)
    if fact.until_on and fact.until_on <= until_on:
        raise Refused(_("This has ended already. Load the page again."))
    if fact.from_on and until_on < fact.from_on:
        raise WrongValues([Problem("ends_before", "until_on")])
    if isinstance(fact, Circumstance) and fact.kind in FINAL:
        raise WrongValues([Problem("final_has_no_end", "until_on")])
    fact.until_on = until_on
    _save(fact)
    _write(by, child, fact, before=before, after=document(fact), reason=reason, words=words, on=on)
    return fact


@transaction.atomic
def strike_fact(*, by: Person, fact: Fact, revision: int, reason: str, on: date, words: str = "") -> Change:
    """Strike a fact (撤销误登) that never was: the row goes, what it said stays with the change.

    Raises NotAllowed, Overtaken and Refused.
    """
    values = {"sensitivity": sensitivity_of(fact)}
    require(by, Permission.CHANGE_CHILDREN, code=fact.child.responsible_code, on=on)
    child = _begin(by, fact.child, NOUN_OF[type(fact)], values, revision=revision, reason=reason, words=words, on=on)
    fact = type(fact)._default_manager.get(pk=fact.pk)
    before = document(fact)
    try:
        fact.delete()
    except ProtectedError as error:
        raise Refused(_("Other facts rest on this one. Strike them first.")) from error
    return _write(by, child, fact, before=before, after={}, reason=reason, words=words, on=on)


def _begin(
    by: Person, child: Child, noun: str, values: Mapping[str, Any], *, revision: int, reason: str, words: str, on: date
) -> Child:
    _require_class(by, child, noun, values.get("sensitivity", Sensitivity.ORDINARY), on=on)
    require_reason(reason, ALTERING, words)
    child = locked(child, by=by, on=on, revision=revision)
    require_open(child)
    return child


def _require_class(by: Person, child: Child, noun: str, sensitivity: str, *, on: date) -> None:
    if noun == "circumstance" or sensitivity != Sensitivity.ORDINARY:
        require_for(by, Permission.SEE_SENSITIVE, child, on=on)
    if sensitivity == Sensitivity.SECRET:
        require(by, Permission.SEE_SECRET, code=child.responsible_code, on=on)


def sensitivity_of(fact: Fact) -> str:
    """The field class of a fact (事实的敏感级别)."""
    return fact.sensitivity if isinstance(fact, HealthFact) else str(Sensitivity.ORDINARY)


def _make(
    by: Person,
    child: Child,
    noun: str,
    values: Mapping[str, Any],
    *,
    papers: Collection[Evidence],
    replaced: Fact | None,
    on: date,
) -> Fact:
    fact = FACTS[noun](child=child)
    _put(fact, values, child, on=on)
    if replaced and fact.from_on:
        replaced.until_on = fact.from_on - timedelta(days=1)
        replaced.save()
    if not isinstance(fact, Guardian):
        fact.recorded_by = by
    _save(fact)
    if papers and not isinstance(fact, Guardian):
        _show(fact, papers)
    return fact


def _show(fact: Parent | Circumstance | Study | HealthFact | OtherAid, papers: Collection[Evidence]) -> None:
    if any(paper.child_id != fact.child_id or paper.withdrawn_on for paper in papers):
        raise Refused(_("Only papers of this very child can show it, and none that has been withdrawn."))
    fact.evidence.set(papers)


def _replaced(child: Child, noun: str, values: Mapping[str, Any]) -> Fact | None:
    """What a new fact takes the place of; what only began on its first day or later is in its way.

    Where several of a noun hold at once, none takes the place of another.
    """
    model, from_on = FACTS[noun], values.get("from_on")
    if model not in ALIKE or not from_on:
        return None
    same = {name: values.get(name) for name in ALIKE[model]}
    if model is Guardian:
        same = {"is_entrusted": values.get("kind") == "entrusted"}
    begun = Q(from_on__isnull=True) | Q(from_on__lt=from_on)
    found: Fact | None = model._default_manager.filter(begun, child=child, until_on__isnull=True, **same).first()
    return found


def _put(fact: Fact, values: Mapping[str, Any], child: Child, *, on: date) -> None:
    for name, value in values.items():
        is_sealed = isinstance(type(fact)._meta.get_field(name), SealedField)
        setattr(fact, name, (value or None) if is_sealed else value)
    problems = [*_check_span(fact, on=on), *_check(fact, child, on=on)]
    if problems:
        raise WrongValues(problems)
    for index, (source, digest) in INDEXES.items():
        if hasattr(fact, index):
            sealed: Sealed | None = getattr(fact, source)
            setattr(fact, index, digest(sealed.open()) if sealed else None)


def _check_span(fact: Fact, *, on: date) -> list[Problem]:
    problems = []
    if fact.from_on and fact.from_on > on:
        problems.append(Problem("date_in_future", "from_on"))
    if fact.from_on and fact.until_on and fact.until_on < fact.from_on:
        problems.append(Problem("ends_before", "until_on"))
    return problems


def _check(fact: Fact, child: Child, *, on: date) -> list[Problem]:
    check: Callable[..., list[Problem]] | None = CHECKS.get(type(fact))
    return check(fact, child, on=on) if check else []


def _save(fact: Fact) -> None:
    try:
        with transaction.atomic():
            fact.save()
    except IntegrityError as error:
        if "overlap" in str(error) or "one_at_a_time" in str(error):
            raise ThereAlready from error
        raise


def document(fact: Fact) -> dict[str, str]:
    """A fact in words by `noun.attribute` (事实文本), sealed values opened, for before and after."""
    noun = NOUN_OF[type(fact)]
    if isinstance(fact, HealthFact) and fact.sensitivity == Sensitivity.SECRET:
        return {SEALED_PART: f"{fact.pk} {fact.from_on or ''} {fact.until_on or ''}"}
    found = {}
    for field in type(fact)._meta.fields:
        if field.name not in HIDDEN:
            found[f"{noun}.{field.name}"] = said(getattr(fact, field.name))
    if not isinstance(fact, Guardian):
        found[f"{noun}.papers"] = " ".join(map(str, fact.evidence.order_by("pk").values_list("pk", flat=True)))
    return found


def said(value: Any) -> str:
    """An attribute as it stands in before and after (属性文本)."""
    if value is None:
        return ""
    if isinstance(value, Sealed):
        return value.open()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Parent):
        return value.name or str(value.get_role_display())
    return str(value)


def _write(
    by: Person,
    child: Child,
    fact: Fact,
    *,
    after: dict[str, str],
    reason: str,
    words: str,
    on: date,
    before: dict[str, str] | None = None,
    bulk: UUID | None = None,
) -> Change:
    if before == after:
        raise Refused(_("Nothing differs from what the file says."))
    if isinstance(fact, Guardian):
        child.matching_index = matching_index(said_of(child))
    return write_change(
        by=by, child=child, kind=Kind.ALTER, on=on, reason=reason, words=words, before=before, after=after, bulk=bulk
    )

"""The categories a child holds: what is paid is proposed by one person and confirmed by another."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import open_task
from hutong.accounts.models import Person
from hutong.accounts.models.task import Harm
from hutong.accounts.permissions import Permission
from hutong.kit.staging import Problem
from hutong.law.categories import CATEGORIES, WITH_SECRET_BASIS, Basis
from hutong.law.changes import ALTERING, LEAVING
from hutong.law.task_days import due_on
from hutong.registry.actions.changes import (
    locked,
    require_decided,
    require_open,
    require_reason,
    write_change,
)
from hutong.registry.intake.problems import sentence
from hutong.registry.merges import merges_above
from hutong.registry.models import CategoryHolding, Change, Child
from hutong.registry.models.change import Kind, Stage
from hutong.registry.queries import files_of

ENDING = ALTERING | LEAVING


@transaction.atomic
def begin_holding(
    *,
    by: Person,
    child: Child,
    category: str,
    from_on: date,
    revision: int,
    reason: str,
    on: date,
    decision_number: str = "",
    words: str = "",
    bulk: UUID | None = None,
) -> Change:
    """Begin a category (增加类别): at once where nothing is paid for it, else as a proposal.

    Raises NotAllowed, Overtaken and Refused.
    """
    require(by, Permission.CHANGE_CHILDREN, code=child.responsible_code, on=on)
    require_reason(reason, ALTERING, words)
    child = locked(child, by=by, on=on, revision=revision)
    require_open(child)
    _require_fit(child, category, from_on, on=on)
    if CATEGORIES[category].paid:
        require(by, Permission.CLOSE_CHILDREN, code=child.responsible_code, on=on)
        return propose_holding(
            by=by,
            child=child,
            category=category,
            from_on=from_on,
            decision_number=decision_number,
            reason=reason,
            words=words,
            on=on,
            bulk=bulk,
        )
    hold(child, category, from_on=from_on, decision_number=decision_number)
    after = {"category": category, "category_from": from_on.isoformat(), "decision_number": decision_number}
    return write_change(by=by, child=child, kind=Kind.ALTER, on=on, reason=reason, words=words, after=after, bulk=bulk)


def _require_fit(child: Child, category: str, from_on: date, *, on: date) -> None:
    if category not in CATEGORIES:
        raise Refused(_("Choose a category."))
    if not child.birth_date <= from_on <= on:
        raise Refused(_("The first day lies between the child's birth and today."))
    require_free(child, category, from_on)


def require_free(child: Child, category: str, from_on: date) -> None:
    """Raises Refused where a child holds a category already on a day or later (已持有该类别)."""
    held = held_from(child, from_on).filter(category=category)
    if held.filter(until_on__isnull=True).exists():
        raise Refused(_("The child holds this category already."))
    if held.exists():
        raise Refused(_("In these days there is such an entry already. End the earlier one first, or correct it."))


def require_none_paid(child: Child, from_on: date) -> None:
    """Raises Refused where something is paid for on a day or later already (待遇不得重复)."""
    held = held_from(child, from_on)
    if any(CATEGORIES[code].paid for code in held.values_list("category", flat=True)):
        raise Refused(sentence(Problem("paid_categories")))


def held_from(child: Child, from_on: date) -> QuerySet[CategoryHolding]:
    """What a child holds on a day or later (当日及以后持有), in any of its files."""
    held = CategoryHolding.objects.filter(child__in=files_of(child))
    return held.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on))


def put_ended(holding: CategoryHolding, until_on: date) -> None:
    """End a category (落实终止). Where a joined file holds it, its merges keep what stood, for whoever undoes it."""
    before = holding.until_on.isoformat() if holding.until_on else ""
    for merge in merges_above(holding.child):
        merge.ended.append({"holding": holding.pk, "before": before, "after": until_on.isoformat()})
        merge.save(update_fields=["ended"])
    holding.until_on = until_on
    holding.save()


def require_one_paid(categories: Collection[str]) -> None:
    """Raises Refused where more than one of the categories is paid for (待遇不得重复)."""
    if sum(CATEGORIES[code].paid for code in categories) > 1:
        raise Refused(sentence(Problem("paid_categories")))


def hold(
    child: Child, category: str, *, from_on: date, decision_number: str = "", basis: Basis | None = None
) -> CategoryHolding:
    """A category from a day on (持有类别), without more; with no `basis` its sealed one is again what it was before."""
    secret = (basis.padded if basis else _basis_before(child, category)) if category in WITH_SECRET_BASIS else None
    held: CategoryHolding = CategoryHolding.objects.create(
        child=child, category=category, from_on=from_on, decision_number=decision_number, secret_basis=secret
    )
    return held


def _basis_before(child: Child, category: str) -> str:
    last = child.holdings.filter(category=category, secret_basis__isnull=False).order_by("-from_on").first()
    return last.secret_basis.open() if last and last.secret_basis else Basis.ORPHAN.padded


@transaction.atomic
def end_holding(
    *,
    by: Person,
    holding: CategoryHolding,
    until_on: date,
    revision: int,
    reason: str,
    on: date,
    words: str = "",
    bulk: UUID | None = None,
) -> Change:
    """End a category (终止类别) after its last day: at once, or as a proposal where it is paid for.

    What a joined file holds is ended on the file that leads.

    Raises NotAllowed, Overtaken and Refused.
    """
    child = holding.child.leading
    require(by, Permission.CHANGE_CHILDREN, code=child.responsible_code, on=on)
    require_reason(reason, ENDING, words)
    child = locked(child, by=by, on=on, revision=revision)
    holding = CategoryHolding.objects.get(pk=holding.pk)
    if holding.until_on:
        raise Refused(_("This has ended already. Load the page again."))
    if until_on < holding.from_on:
        raise Refused(_("The last day cannot lie before the first."))
    after = {"category": holding.category, "category_until": until_on.isoformat()}
    if holding.child_id != child.pk:
        after["file"] = holding.child.file_number
    if CATEGORIES[holding.category].paid:
        require(by, Permission.CLOSE_CHILDREN, code=child.responsible_code, on=on)
        return propose(by=by, child=child, kind=Kind.ALTER, reason=reason, words=words, after=after, on=on, bulk=bulk)
    put_ended(holding, until_on)
    return write_change(by=by, child=child, kind=Kind.ALTER, on=on, reason=reason, words=words, after=after, bulk=bulk)


def propose_holding(
    *,
    by: Person,
    child: Child,
    category: str,
    from_on: date,
    on: date,
    decision_number: str = "",
    reason: str = "happened",
    words: str = "",
    bulk: UUID | None = None,
) -> Change:
    """Propose a paid category (提请增加类别); the caller has locked the child."""
    require_decided(child)
    require_none_paid(child, from_on)
    after = {"category": category, "category_from": from_on.isoformat(), "decision_number": decision_number}
    return propose(by=by, child=child, kind=Kind.ALTER, reason=reason, words=words, after=after, on=on, bulk=bulk)


def propose(
    *,
    by: Person,
    child: Child,
    kind: Kind,
    reason: str,
    words: str,
    after: dict[str, str],
    on: date,
    before: dict[str, str] | None = None,
    bulk: UUID | None = None,
) -> Change:
    """Propose (提请) what moves money; another person of the county confirms it. The caller has locked the child."""
    require_decided(child)
    change = write_change(
        by=by,
        child=child,
        kind=kind,
        stage=Stage.PROPOSED,
        on=on,
        reason=reason,
        words=words,
        before=before,
        after=after,
        bulk=bulk,
    )
    open_task(
        kind="confirm_change",
        subject_kind="child",
        subject_key=child.file_number,
        division_code=child.responsible_code,
        role="approver",
        due_on=due_on("confirm_change", on=on, jurisdiction=child.responsible_code),
        harm=Harm.LOSS,
    )
    return change

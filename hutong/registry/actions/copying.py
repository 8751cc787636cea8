"""Copies of children's data: lists as workbooks, forms on paper. Who may ask for which, and what leaves."""

import base64
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.copies import ask_copy, note_fetched
from hutong.accounts.actions.guard import NotAllowed, Refused, require
from hutong.accounts.actions.trail import record_many
from hutong.accounts.copies import is_open
from hutong.accounts.models import Copy, Person
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import jurisdiction_of, kin_of
from hutong.kit.workbooks.copies import Mark, write_copy
from hutong.law.copies import FORMS, KINDS, LISTS, LISTS_BY_FILTERS, PURPOSES, copy_rules
from hutong.law.division_code import meeting
from hutong.registry.actions.kinship import families_of, require_no_kin
from hutong.registry.copies import roster
from hutong.registry.finding import Filters, children, chosen
from hutong.registry.models import Child
from hutong.registry.queries import CHILD_SCOPE, visible_children


@transaction.atomic
def ask_for_list(
    *, by: Person, kind: str, filters: Filters, purpose: str, receiver: str, on: date, at: datetime
) -> Copy:
    """Ask for a list (申请名册) of one kind, of the visible children that fit where somebody holds its permission.

    Children of one's own kin are left out. Raises NotAllowed and Refused.
    """
    if kind not in LISTS_BY_FILTERS:
        raise Refused(_("Choose which list."))
    return ask_for_children(
        by=by, kind=kind, found=to_list(by, kind, filters, on=on), purpose=purpose, receiver=receiver, on=on, at=at
    )


def ask_for_children(
    *, by: Person, kind: str, found: QuerySet[Child], purpose: str, receiver: str, on: date, at: datetime
) -> Copy:
    """Ask for a list of children whom the caller has found (申请儿童名单), where somebody holds its permission.

    Inside the caller's verb. Raises NotAllowed and Refused.
    """
    most = copy_rules(on).children_at_most
    rows = list(found.values_list("pk", "file_number", "responsible_code")[: most + 1])
    if len(rows) > most:
        raise Refused(_("A list holds %(most)s children at most. Narrow it first.") % {"most": most})
    kin = families_of(kin_of(by, on=on), {pk for pk, _number, _code in rows})
    rows = [row for row in rows if row[0] not in kin]
    if not rows:
        raise Refused(_("There is nobody in this list."))
    codes = [code for _pk, _number, code in rows]
    return ask_copy(
        by=by,
        kind=kind,
        purpose=purpose,
        receiver=receiver,
        subjects=[number for _pk, number, _code in rows],
        division_code=meeting(min(codes), max(codes)),
        on=on,
        at=at,
    )


def to_list(user: Person, kind: str, filters: Filters, *, on: date) -> QuerySet[Child]:
    """The visible children that fit, where a person may have lists of a kind (可发出儿童)."""
    area = jurisdiction_of(user, Permission(kind), on=on)
    return children(user, filters, on=on).filter(area.where("responsible_code"))


@transaction.atomic
def ask_for_form(*, by: Person, child: Child, kind: str, purpose: str, receiver: str, on: date, at: datetime) -> Copy:
    """Ask for a printed form (申请打印) of one child. Raises NotAllowed and Refused."""
    if kind not in FORMS:
        raise Refused(_("Choose which form."))
    child = child.leading
    require(by, Permission(kind), code=child.responsible_code, on=on)
    require_no_kin(by, child, on=on)
    return ask_copy(
        by=by,
        kind=kind,
        purpose=purpose,
        receiver=receiver,
        subjects=[child.file_number],
        division_code=child.responsible_code,
        on=on,
        at=at,
    )


@transaction.atomic
def fetch_list(*, by: Person, copy: Copy, on: date, at: datetime) -> bytes:
    """Fetch a list (领取名册) as a workbook: what one asked for oneself, as long as it is open, the same each time.

    It is made when it is first fetched, of those children whom one may still see. Raises NotAllowed and Refused.
    """
    copy = _opened(by, copy, among=LISTS, at=at)
    content = base64.b64decode(copy.content.open()) if copy.content else b""
    if not content:
        kind = KINDS[copy.kind]
        found = chosen(by, copy.subjects, on=on).filter(
            jurisdiction_of(by, Permission(copy.kind), on=on).where("responsible_code"), canonical__isnull=True
        )
        if not found.exists():
            raise NotAllowed(Permission(copy.kind))
        mark = Mark(kind.title_zh, copy.number, by.name, by.organisation, on, PURPOSES[copy.purpose][0], kind.reader_zh)
        listed = roster(kind, found, on=on)
        content = write_copy(listed.titles, listed.rows, mark)
        copy.content = base64.b64encode(content).decode()
    if note_fetched(by=by, copy=copy, on=on, at=at):
        _record_children(by, copy, on=on)
    copy.save()
    return content


@transaction.atomic
def open_form(*, by: Person, copy: Copy, on: date, at: datetime) -> Child:
    """Open a form to print it (打印): what one asked for oneself, as long as it is open. Raises NotAllowed, Refused."""
    copy = _opened(by, copy, among=FORMS, at=at)
    child = visible_children(by, on=on).filter(file_number__in=copy.subjects).first()
    if child is None:
        raise NotAllowed(Permission(copy.kind))
    require(by, Permission(copy.kind), code=child.responsible_code, on=on)
    if note_fetched(by=by, copy=copy, on=on, at=at):
        _record_children(by, copy, on=on)
    copy.save()
    return child


def _opened(by: Person, copy: Copy, *, among: Iterable[str], at: datetime) -> Copy:
    copy = Copy.objects.select_for_update().get(pk=copy.pk)
    if copy.by_id != by.pk or copy.kind not in among:
        raise NotAllowed(Permission(copy.kind))
    if not is_open(copy, at=at):
        raise Refused(_("The time to fetch this copy is over, or it was not given. Ask for a new one."))
    return copy


def _record_children(by: Person, copy: Copy, *, on: date) -> None:
    """In the trail of each child: that it stands in a copy that left."""
    codes = Child.objects.filter(file_number__in=copy.subjects).values_list("file_number", "responsible_code")
    details = {"field": copy.number, "kind": copy.kind}
    record_many(by=by, act="copy_out", subject_kind=CHILD_SCOPE, subjects=list(codes), on=on, details=details)

"""Following leads (线索核查): recorded as a circumstance, ended by an application, or closed with a reason."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.tasks import close_tasks
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.allowances.actions.stepping import require_words
from hutong.allowances.leads import ABOUT_A_CHILD, COUNTS, said_in, waiting
from hutong.allowances.models import Lead, LeadEnd
from hutong.allowances.models.lead import CLOSING, How
from hutong.law.data_checks import CHILD
from hutong.registry.actions.changes import locked as locked_child
from hutong.registry.actions.facts import record_fact
from hutong.registry.dossier import siblings_parents
from hutong.registry.models import Child, Circumstance, Evidence, Parent
from hutong.registry.models.facts import Fact
from hutong.registry.queries import CHILD_SCOPE, files_of

LATER = (How.APPLIED,)
"""What a lead may be recorded after: the application was begun, and now says what it rests on."""


@transaction.atomic
def close_lead(*, by: Person, lead: Lead, how: str, words: str, on: date) -> LeadEnd:
    """Close a lead (线索不采用) with a reason: it is not raised again before something new is said.

    Raises NotAllowed and Refused.
    """
    if how not in CLOSING:
        raise Refused(_("Choose a reason."))
    now = _locked(lead, by=by, on=on)
    if hasattr(now, "end"):
        raise Refused(_("Somebody has dealt with this already. Load the page again."))
    return _end(now, How(how), by=by, on=on, words=require_words(words))


@transaction.atomic
def record_lead(
    *,
    by: Person,
    lead: Lead,
    values: Mapping[str, Any],
    revision: int,
    reason: str,
    on: date,
    words: str = "",
    papers: Collection[Evidence] = (),
    with_siblings: bool = False,
) -> Fact:
    """Record what a lead says as a circumstance (线索登记为情形), as any other is recorded: by somebody, with papers.

    Raises NotAllowed, Overtaken, WrongValues and Refused.
    """
    now = _locked(lead, by=by, on=on)
    if not is_recordable(now):
        raise Refused(_("Somebody has dealt with this already. Load the page again."))
    fact = record_fact(
        by=by,
        child=now.child.leading,
        noun="circumstance",
        values=values,
        revision=revision,
        reason=reason,
        on=on,
        words=words,
        papers=papers,
        with_siblings=with_siblings,
    )
    if not hasattr(now, "end"):
        _end(now, How.RECORDED, by=by, on=on)
    if with_siblings:
        _end_of_siblings(now, values["parent"], by=by, on=on)
    return fact


def _end_of_siblings(lead: Lead, parent: Parent, *, by: Person, on: date) -> None:
    """The same lead of brothers and sisters in whose files it was recorded too."""
    said = lead.said.open()
    files = [other.child_id for other in siblings_parents(parent)]
    for one in waiting().filter(child__in=files, whose=lead.whose):
        told = Circumstance.objects.filter(child=one.child, parent__role=lead.whose, kind=said_in(lead).fact.kind)
        if one.said.open() == said and told.exists():
            _end(one, How.RECORDED, by=by, on=on)


def is_recordable(lead: Lead) -> bool:
    """Whether what a lead says can still be recorded (可登记); of a child itself its file is closed instead."""
    return lead.whose != CHILD and (not hasattr(lead, "end") or lead.end.how in LATER)


def end_leads(*, by: Person, child: Child, how: How, on: date, whose: Collection[str] | None = None) -> None:
    """End the leads of a child that wait (线索随办办结), inside the act that settles them."""
    found = waiting().filter(child__in=files_of(child)).order_by("pk")
    if whose is not None:
        found = found.filter(whose__in=whose)
    for lead in found.select_for_update(of=("self",)):
        _end(lead, how, by=by, on=on)


def _locked(lead: Lead, *, by: Person, on: date) -> Lead:
    file = locked_child(lead.child.leading, by=by, on=on)
    require(by, Permission.LOOK_INTO_LEADS, code=file.responsible_code, on=on)
    return Lead.objects.filter(COUNTS).select_related("child__canonical", "list").get(pk=lead.pk)


def _end(lead: Lead, how: How, *, by: Person, on: date, words: str | None = None) -> LeadEnd:
    ended = LeadEnd.objects.create(lead=lead, how=how, words=words, on=on, by=by)
    file = lead.child.leading
    if not waiting().filter(child__in=files_of(file)).exists():
        close_tasks(
            by=by,
            subject_kind=CHILD_SCOPE,
            subject_key=file.file_number,
            kinds=list(ABOUT_A_CHILD),
            outcome="done",
        )
    record(
        by=by,
        act="end_lead",
        subject_kind="child",
        subject_key=file.file_number,
        division_code=file.responsible_code,
        on=on,
        details={"lead": lead.pk},
    )
    return ended

"""Standing in: proposed by one person, confirmed by another, for named places and days, and never passed on."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.notices import notify
from hutong.accounts.actions.postings import require_apart
from hutong.accounts.actions.tasks import close_tasks, open_task
from hutong.accounts.actions.trail import record
from hutong.accounts.delegations import may_be_delegated
from hutong.accounts.models import Delegation, Person, Posting
from hutong.accounts.permissions import Permission
from hutong.accounts.queries import may, postings_on
from hutong.accounts.roles import SecurityAdministrator
from hutong.law.division_code import full
from hutong.law.sign_in import sign_in_rules

REASON_AT_LEAST = 4
DAY = timedelta(days=1)


@transaction.atomic
def propose_delegation(
    *,
    by: Person,
    posting: Posting,
    to: Person,
    prefixes: list[str],
    from_on: date,
    until_on: date,
    reason: str,
    on: date,
) -> Delegation:
    """Propose a delegation (提出代理) of one's own posting, or as its administrator. Raises NotAllowed and Refused."""
    if by.pk != posting.person_id and not _administers(by, posting, on=on):
        raise NotAllowed(Permission.MANAGE_PEOPLE)
    _require_posting(posting, prefixes, from_on, until_on, on=on)
    _require_stand_in(posting, to, prefixes, from_on, until_on, on=on)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Refused(_("Say in a few words why somebody stands in."))
    made = Delegation.objects.create(
        posting=posting,
        to=to,
        prefixes=prefixes,
        from_on=from_on,
        until_on=until_on,
        reason=reason.strip(),
        proposed_by=by,
    )
    _record(by, "propose_delegation", made, on=on)
    open_task(
        kind="confirm_delegation",
        subject_kind="delegation",
        subject_key=str(made.pk),
        division_code=full(prefixes[0]),
        role=SecurityAdministrator.code,
        due_on=max(from_on, on),
    )
    return made


def _administers(by: Person, posting: Posting, *, on: date) -> bool:
    return all(may(by, Permission.MANAGE_PEOPLE, code=full(prefix), on=on) for prefix in posting.prefixes)


def _require_posting(posting: Posting, prefixes: list[str], from_on: date, until_on: date, *, on: date) -> None:
    if posting not in may_be_delegated(posting.person, on=on):
        raise Refused(_("Nobody stands in for this duty, and who stands in passes it on to nobody."))
    inside = prefixes and all(prefix.startswith(tuple(posting.prefixes)) for prefix in prefixes)
    if not inside or any(prefix.startswith(tuple(posting.exclusions)) for prefix in prefixes if posting.exclusions):
        raise Refused(_("Choose places of this posting."))
    if from_on < on or until_on < from_on:
        raise Refused(_("Standing in begins today or later, and ends no earlier than it begins."))
    if until_on - from_on >= sign_in_rules(on).delegation:
        days = sign_in_rules(on).delegation.days
        raise Refused(_("Nobody stands in for longer than %(days)s days. Give a posting instead.") % {"days": days})
    if from_on < posting.from_on or (posting.until_on and until_on > posting.until_on):
        raise Refused(_("The posting does not hold on all of these days."))


def _require_stand_in(
    posting: Posting, to: Person, prefixes: list[str], from_on: date, until_on: date, *, on: date
) -> None:
    held = postings_on(to, on=on)
    if to.pk == posting.person_id or not [one for one in held if one.role not in ("village_director",)]:
        raise Refused(_("Choose somebody else who is in post at an office today."))
    for prefix in prefixes:
        require_apart(to, posting.role, prefix, from_on, until_on)


@transaction.atomic
def confirm_delegation(*, by: Person, delegation: Delegation, on: date) -> Delegation:
    """Confirm a delegation (同意代理): from its first day on the duty is held. Raises NotAllowed and Refused."""
    delegation = _lock_open(by, delegation, on=on)
    posting = delegation.posting
    if by.pk in (delegation.proposed_by_id, delegation.to_id, posting.person_id):
        raise Refused(_("Somebody who takes no part in it has to confirm."))
    begin = max(delegation.from_on, on)
    _require_posting(posting, delegation.prefixes, begin, delegation.until_on, on=on)
    _require_stand_in(posting, delegation.to, delegation.prefixes, begin, delegation.until_on, on=on)
    delegation.stand_in = Posting.objects.create(
        person=delegation.to,
        role=posting.role,
        prefixes=delegation.prefixes,
        exclusions=posting.exclusions,
        from_on=begin,
        until_on=delegation.until_on,
    )
    delegation.confirmed_by = by
    delegation.save(update_fields=["stand_in", "confirmed_by"])
    _close(by, delegation, "confirm_delegation", outcome="confirmed", on=on)
    _tell(delegation, "stands_in", recipient=delegation.to)
    _tell(delegation, "is_stood_in_for", recipient=posting.person)
    return delegation


def _lock_open(by: Person, delegation: Delegation, *, on: date) -> Delegation:
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if not _administers(by, delegation.posting, on=on):
        raise NotAllowed(Permission.MANAGE_PEOPLE)
    if delegation.confirmed_by_id or delegation.closed_on:
        raise Refused(_("This has been decided already."))
    Person.objects.select_for_update().get(pk=delegation.to_id)
    return delegation


@transaction.atomic
def refuse_delegation(*, by: Person, delegation: Delegation, on: date) -> Delegation:
    """Refuse a delegation (不同意代理). Raises NotAllowed and Refused."""
    delegation = _lock_open(by, delegation, on=on)
    delegation.closed_on = on
    delegation.save(update_fields=["closed_on"])
    _close(by, delegation, "refuse_delegation", outcome="refused", on=on)
    _tell(delegation, "stand_in_refused", recipient=delegation.proposed_by)
    return delegation


@transaction.atomic
def end_delegation(*, by: Person, delegation: Delegation, on: date) -> Delegation:
    """End a delegation (结束代理) at once, or take back a proposal: whose duty it is, or the administrator.

    Raises NotAllowed and Refused.
    """
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if by.pk not in (delegation.posting.person_id, delegation.proposed_by_id) and not _administers(
        by, delegation.posting, on=on
    ):
        raise NotAllowed(Permission.MANAGE_PEOPLE)
    if delegation.closed_on or delegation.until_on < on:
        raise Refused(_("This has ended already."))
    close_stand_in(delegation, on=on)
    _close(by, delegation, "end_delegation", outcome="ended", on=on)
    return delegation


def close_stand_in(delegation: Delegation, *, on: date) -> None:
    """Nobody stands in any more (停止代理): the posting ended yesterday; one that began today or later goes."""
    stand_in, delegation.closed_on = delegation.stand_in, on
    if stand_in and stand_in.from_on >= on:
        delegation.stand_in = None
    delegation.save(update_fields=["closed_on", "stand_in"])
    if stand_in and delegation.stand_in:
        stand_in.until_on = on - DAY
        stand_in.save(update_fields=["until_on"])
    elif stand_in:
        stand_in.delete()


def _close(by: Person, delegation: Delegation, act: str, *, outcome: str, on: date) -> None:
    _record(by, act, delegation, on=on)
    close_tasks(
        by=by,
        subject_kind="delegation",
        subject_key=str(delegation.pk),
        kinds=["confirm_delegation"],
        outcome=outcome,
    )


def _record(by: Person, act: str, delegation: Delegation, *, on: date) -> None:
    posting = delegation.posting
    record(
        by=by,
        act=act,
        subject_kind="delegation",
        subject_key=str(delegation.pk),
        division_code=full(delegation.prefixes[0]),
        on=on,
        details={"role": posting.role, "person": posting.person_id, "to": delegation.to_id},
    )


def _tell(delegation: Delegation, kind: str, *, recipient: Person) -> None:
    values = {
        "role": delegation.posting.role,
        "place": full(delegation.prefixes[0]),
        "on": delegation.from_on.isoformat(),
        "until": delegation.until_on.isoformat(),
    }
    notify(kind=kind, subject_kind="delegation", subject_key=str(delegation.pk), recipient=recipient, values=values)

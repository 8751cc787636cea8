"""To whom a child's money goes: the link stands here, holder and card in the treasury."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.names import mask_card
from hutong.law.cards import judge_card
from hutong.law.changes import ALTERING
from hutong.registry.actions.changes import locked, require_open, require_reason, write_change
from hutong.registry.models import Change, Child, PayeeLink
from hutong.registry.models.change import Kind
from hutong.treasury.actions.payees import Holder, change_card, open_payee
from hutong.treasury.models import Payee
from hutong.treasury.queries import paid_to_on


@transaction.atomic
def set_payee(
    *,
    by: Person,
    child: Child,
    holder: Holder,
    card: str,
    bank_name: str,
    revision: int,
    reason: str,
    on: date,
    words: str = "",
    is_sure: bool = False,
) -> Change:
    """Set the payee (登记领款人) of a child from today; whoever was it before was it until yesterday.

    A card number whose check digit does not fit is taken only where somebody is sure of it. Raises NotAllowed,
    Overtaken and Refused.
    """
    child = _begin(by, child, revision=revision, reason=reason, words=words, on=on)
    _require_sure(card, is_sure=is_sure)
    current = payee_of(child, on=on)
    payee = open_payee(
        by=by, division_code=child.responsible_code, holder=holder, card=card, bank_name=bank_name, on=on
    )
    if current == payee:
        raise Refused(_("Nothing differs from what the file says."))
    _link(child, payee, by=by, on=on)
    return _write(by, child, _said(current), _said(payee), reason=reason, words=words, on=on)


@transaction.atomic
def set_card(
    *,
    by: Person,
    child: Child,
    card: str,
    bank_name: str,
    revision: int,
    reason: str,
    on: date,
    words: str = "",
    is_sure: bool = False,
) -> Change:
    """Set another card (换卡) of the payee a child has. Raises NotAllowed, Overtaken and Refused."""
    child = _begin(by, child, revision=revision, reason=reason, words=words, on=on)
    _require_sure(card, is_sure=is_sure)
    payee = payee_of(child, on=on)
    if payee is None:
        raise Refused(_("The child has no payee yet."))
    before = _said(payee)
    payee = change_card(by=by, division_code=child.responsible_code, payee=payee, card=card, bank_name=bank_name, on=on)
    return _write(by, child, before, _said(payee), reason=reason, words=words, on=on)


def _begin(by: Person, child: Child, *, revision: int, reason: str, words: str, on: date) -> Child:
    require(by, Permission.KEEP_PAYEES, code=child.responsible_code, on=on)
    require_reason(reason, ALTERING, words)
    child = locked(child, by=by, on=on, revision=revision)
    require_open(child)
    return child


def _require_sure(card: str, *, is_sure: bool) -> None:
    if judge_card(card).is_doubtful and not is_sure:
        raise Refused(
            _("By its last digit this card number may be mistyped. Compare it with the card; if it is right, say so.")
        )


def payee_of(child: Child, *, on: date) -> Payee | None:
    """The holder and card a child's money goes to on a day (当前领款人)."""
    link = PayeeLink.objects.filter(child=child).holding_on(on).first()
    return paid_to_on([link.holder_key], on=on).get(link.holder_key) if link else None


def _link(child: Child, payee: Payee, *, by: Person, on: date) -> None:
    current = PayeeLink.objects.filter(child=child, until_on__isnull=True).first()
    if current and current.holder_key == payee.holder_key:
        return
    if current and current.from_on == on:
        current.holder_key = payee.holder_key
        current.save()
        return
    if current:
        current.until_on = on - timedelta(days=1)
        current.save()
    PayeeLink.objects.create(child=child, holder_key=payee.holder_key, from_on=on, recorded_by=by)


def _said(payee: Payee | None) -> dict[str, str]:
    if payee is None:
        return {}
    return {"payee": payee.name, "card": mask_card(payee.card_tail), "bank": payee.bank_name}


def _write(
    by: Person, child: Child, before: dict[str, str], after: dict[str, str], *, reason: str, words: str, on: date
) -> Change:
    return write_change(
        by=by, child=child, kind=Kind.ALTER, on=on, reason=reason, words=words, before=before, after=after
    )

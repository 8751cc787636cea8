"""Opening payees, changing their cards and closing them.

Which child a payee is for is a link of the registry: the caller says at which place the child is kept, and the
permission is asked for there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.accounts.actions.guard import Refused, require
from hutong.accounts.actions.trail import record
from hutong.accounts.models import Person
from hutong.accounts.permissions import Permission
from hutong.kit.cipher import keys
from hutong.kit.names import clean_name, is_name
from hutong.law.cards import judge_card
from hutong.law.identity import is_credit_code, judge_id_number, normalise
from hutong.treasury.models import ClosedReason, Payee, PayeeKind

TEXT_MAX = 100
CARD_LOCK = 0x63617264
"""Cards are entered one at a time: two people may enter the same."""

CLOSING_REASONS = frozenset(ClosedReason.values) - {ClosedReason.CARD_CHANGED}
CARD_FAULTS = {
    "empty": _("Give the card number."),
    "characters": _("A card number is digits only."),
    "length": _("A card number has 12 to 19 digits."),
}


@dataclass(frozen=True)
class Holder:
    """Holder (户主): whom the card belongs to, a person by ID number or an organisation by credit code."""

    kind: PayeeKind
    name: str
    id_number: str = ""
    credit_code: str = ""


@transaction.atomic
def open_payee(*, by: Person, division_code: str, holder: Holder, card: str, bank_name: str, on: date) -> Payee:
    """Open a payee (登记领款人); the same holder with the same card is the payee they already are.

    Raises NotAllowed, and Refused (name, number or card does not fit, or the card is somebody else's).
    """
    require(by, Permission.KEEP_PAYEES, code=division_code, on=on)
    said, held = _holder(holder, on=on), _card(card, bank_name)
    _lock_cards()
    known = _open_with_card(str(held["card"])).first()
    if known and _is_same(known, said):
        return known
    payee = _save(Payee(**said, **held, opened_on=on))
    _record("open_payee", payee, by=by, division_code=division_code, on=on)
    return payee


@transaction.atomic
def change_card(*, by: Person, division_code: str, payee: Payee, card: str, bank_name: str, on: date) -> Payee:
    """Change the card (换卡): the row of the old card ends yesterday, that of the new one begins; it is given back.

    A card that was only entered today is mended in place: nothing can have been paid to it. Raises NotAllowed,
    and Refused (closed already, the same card, or somebody else's).
    """
    require(by, Permission.KEEP_PAYEES, code=division_code, on=on)
    old, held = _open(payee), _card(card, bank_name)
    if old.card.open() == held["card"] and old.bank_name == held["bank_name"]:
        raise Refused(_("This is the card that is there already."))
    if old.opened_on >= on and old.attempts.exists():
        raise Refused(_("Something has been paid to this card today. Enter the other card tomorrow."))
    if old.opened_on >= on:
        for name, value in held.items():
            setattr(old, name, value)
        new = _save(old)
    else:
        _close(old, ClosedReason.CARD_CHANGED, on=on - timedelta(days=1))
        new = _save(Payee(**_identity_of(old), **held, opened_on=on))
    _record("change_card", new, by=by, division_code=division_code, on=on, details={"before": old.key})
    return new


@transaction.atomic
def close_payee(*, by: Person, division_code: str, payee: Payee, reason: str, on: date) -> Payee:
    """Close a payee (停用领款人): today is the last day on which the card is paid to. Raises NotAllowed, Refused."""
    require(by, Permission.KEEP_PAYEES, code=division_code, on=on)
    if reason not in CLOSING_REASONS:
        raise Refused(_("Say why nothing is paid to this card any more."))
    closed = _close(_open(payee), ClosedReason(reason), on=on)
    _record("close_payee", closed, by=by, division_code=division_code, on=on, details={"reason": reason})
    return closed


def _holder(holder: Holder, *, on: date) -> dict[str, object]:
    name = clean_name(holder.name)
    if holder.kind == PayeeKind.ORGANISATION:
        code = normalise(holder.credit_code)
        if not name or len(name) > TEXT_MAX:
            raise Refused(_("Give the name of the organisation, at most 100 characters."))
        if not is_credit_code(code):
            raise Refused(_("One character of the credit code is wrong. Compare it with the certificate."))
        return {"kind": holder.kind, "name": name, "credit_code": code}
    if not is_name(name):
        raise Refused(_("This is not a name: 2 to 50 characters, Chinese or letters, with · inside where needed."))
    judged = judge_id_number(holder.id_number, on=on, tests_allowed=not settings.PRODUCTION)
    if judged.fault:
        raise Refused(_("The ID number of the holder is wrong. Compare it with the ID card."))
    index = keys().blind(judged.normalised, kind="id_number")
    return {"kind": holder.kind, "name": name, "id_number": judged.normalised, "id_index": index}


def _card(card: str, bank_name: str) -> dict[str, object]:
    judged, bank = judge_card(card), bank_name.strip()
    if judged.fault:
        raise Refused(CARD_FAULTS[judged.fault])
    if not bank or len(bank) > TEXT_MAX:
        raise Refused(_("Give the name of the bank, at most 100 characters."))
    number = judged.number
    index = keys().blind(number, kind="card")
    return {"card": number, "card_index": index, "card_tail": number[-4:], "bank_name": bank}


def _is_same(known: Payee, said: Mapping[str, object]) -> bool:
    if known.kind == PayeeKind.ORGANISATION:
        return known.credit_code == said.get("credit_code")
    return known.id_number is not None and known.id_number.open() == said.get("id_number")


def _identity_of(payee: Payee) -> dict[str, object]:
    return {
        "holder_key": payee.holder_key,
        "kind": payee.kind,
        "name": payee.name,
        "id_number": payee.id_number,
        "id_index": payee.id_index,
        "credit_code": payee.credit_code,
    }


def _open(payee: Payee) -> Payee:
    locked = Payee.objects.select_for_update().get(pk=payee.pk)
    if locked.closed_on:
        raise Refused(_("This card has been closed already."))
    return locked


def _close(payee: Payee, reason: ClosedReason, *, on: date) -> Payee:
    payee.closed_on, payee.closed_reason = max(on, payee.opened_on), reason
    payee.save()
    return payee


def _save(payee: Payee) -> Payee:
    """Saves; a card that is somebody's is refused, by whichever index key it stands.

    The database sees one card under two keys as two; that nobody else enters one now is the lock's part.
    """
    _lock_cards()
    if not payee.closed_on and _open_with_card(payee.card.open()).exclude(pk=payee.pk).exists():
        raise Refused(_("This card stands under another holder. Check the number."))
    payee.save()
    return payee


def _open_with_card(number: str) -> QuerySet[Payee]:
    return Payee.objects.filter(card_index__in=keys().blinds(number, kind="card"), closed_on__isnull=True)


def _lock_cards() -> None:
    """Waits for the turn to enter a card; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CARD_LOCK])


def _record(
    act: str, payee: Payee, *, by: Person, division_code: str, on: date, details: Mapping[str, object] | None = None
) -> None:
    record(
        by=by,
        act=act,
        subject_kind="payee",
        subject_key=payee.key,
        division_code=division_code,
        on=on,
        details=details,
    )

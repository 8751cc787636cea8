"""Who is paid, and on which card."""

import secrets

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from hutong.kit.cipher import BlindIndexField, SealedField

KEY_FORM = r"^[0-9a-f]{20}$"


def new_key() -> str:
    """A key that says nothing (随机键)."""
    return secrets.token_hex(10)


def _point(number: Func) -> Func:
    """A number as a range, which GiST can compare without an extension."""
    return Func(number, number, Value("[]"), function="int8range")


class PayeeKind(models.TextChoices):
    """Kind of payee (领款人类型)."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class ClosedReason(models.TextChoices):
    """Why a card is paid to no more (停用原因)."""

    CARD_CHANGED = "card_changed", _("Another card took its place")
    NOT_NEEDED = "not_needed", _("Nothing is paid to it any more")
    HOLDER_DIED = "holder_died", _("The holder has died")
    BANK_REFUSED = "bank_refused", _("The bank refuses the card")


class Payee(models.Model):
    """Payee (领款人): one holder with one bank card, from a first to a last day; another card is another row.

    `key` names the row, `holder_key` all rows of one holder: what points here from above keeps the holder's key and
    need not change with the card. `closed_on` is the last day on which the card may be paid to. Name and card are the
    holder's own; which child it is for stands above.
    """

    key = models.CharField(max_length=20, unique=True, default=new_key)
    holder_key = models.CharField(max_length=20, default=new_key)
    kind = models.CharField(max_length=12, choices=PayeeKind)
    name = models.CharField(max_length=100)
    id_number = SealedField(null=True, blank=True)
    id_index = BlindIndexField(of="id_number", kind="id_number", null=True, db_index=True)
    credit_code = models.CharField(max_length=18, blank=True)
    card = SealedField()
    card_index = BlindIndexField(of="card", kind="card")
    card_tail = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=100)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.CharField(max_length=20, choices=ClosedReason, blank=True)

    class Meta:
        ordering = ("holder_key", "opened_on", "id")
        indexes = [models.Index(fields=["card_index"], name="payee_card")]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=KEY_FORM) & Q(holder_key__regex=KEY_FORM), name="payee_keys_form"
            ),
            models.CheckConstraint(
                condition=Q(kind=PayeeKind.PERSON, id_number__isnull=False, id_index__isnull=False, credit_code="")
                | Q(kind=PayeeKind.ORGANISATION, id_number__isnull=True, id_index__isnull=True)
                & Q(credit_code__regex=r"^[0-9A-Z]{18}$"),
                name="payee_kind_fits",
            ),
            models.CheckConstraint(condition=Q(card_tail__regex=r"^\d{4}$"), name="payee_card_tail"),
            models.UniqueConstraint(
                fields=["card_index"], condition=Q(closed_on__isnull=True), name="payee_card_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="payee_span_forward"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closed_reason="")
                | Q(closed_on__isnull=False, closed_reason__in=ClosedReason.values),
                name="payee_closed_with_reason",
            ),
            ExclusionConstraint(
                name="payee_one_card_at_a_time",
                expressions=[
                    (_point(Func(F("holder_key"), Value(0), function="hashtextextended")), "&&"),
                    (Func(F("opened_on"), F("closed_on"), Value("[]"), function="daterange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.key

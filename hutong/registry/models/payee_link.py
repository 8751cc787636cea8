"""Whose card a child's money goes to."""

from django.db import models
from django.db.models import Q

from hutong.registry.models.dated import DatedFact, span_forward


class PayeeLink(DatedFact):
    """Payee link (领款安排): the holder in the treasury to whom a child's money is paid, one at a time.

    `holder_key` is the treasury's; the card may change without a new link.
    """

    holder_key = models.CharField(max_length=20, db_index=True)

    class Meta(DatedFact.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(from_on__isnull=False), name="payee_link_begins"),
            span_forward("payee_link_span_forward"),
        ]

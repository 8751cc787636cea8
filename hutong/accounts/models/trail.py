"""Who did and who looked."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models.expressions import RawSQL


class TrailEntry(models.Model):
    """Trail entry (留痕): one act or one look, written in its own transaction, never changed.

    Holds references and keyed digests, no personal value and nothing typed by hand; `role` says as whom it was done.
    `transaction_id` lets the sealer stay behind the oldest open transaction; with `id` it is the order of the trail.
    """

    at = models.DateTimeField(db_default=TransactionNow())
    transaction_id = models.BigIntegerField(
        db_default=RawSQL("(pg_current_xact_id()::text::bigint)", ()), editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=200, blank=True)
    act = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=60)
    division_code = models.CharField(max_length=12, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["subject_kind", "subject_key", "id"], name="trail_subject"),
            models.Index(fields=["by", "id"], name="trail_by"),
            models.Index(fields=["by", "at"], condition=models.Q(act="search"), name="trail_search"),
            models.Index(fields=["transaction_id", "id"], name="trail_order"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_kind}:{self.subject_key}"

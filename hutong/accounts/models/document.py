"""What offices have signed and sent out."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from hutong.kit.cipher import SealedField


class IssuedDocument(models.Model):
    """Issued document (签发文书): a letter, a decision or a notice as it left an office, with number and check code.

    `content` is the file, sealed, and `digest` a keyed digest of it. What was issued is never changed and no row goes:
    the database refuses it. A wrong one is withdrawn, and another may stand for it (`replaces`).
    """

    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    office = models.CharField(max_length=60)
    office_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    check_code = models.CharField(max_length=19, unique=True)
    subject_kind = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=60)
    division_code = models.CharField(max_length=12)
    content = SealedField()
    digest = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["subject_kind", "subject_key"], name="document_subject"),
            models.Index(fields=["division_code", "issued_on"], name="document_place"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["office_code", "year", "serial"], name="document_number_once"),
            models.CheckConstraint(condition=Q(pages__gte=1), name="document_has_pages"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True, withdrawn_why__isnull=True)
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False, withdrawn_why__isnull=False),
                name="document_withdrawn_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

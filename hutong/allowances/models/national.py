"""What was entered in the national system."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hutong.kit.cipher import SealedField
from hutong.law.categories import CATEGORIES
from hutong.law.national_system import ENDINGS, NUMBER_FORM
from hutong.registry.models.child import CODE_FORM, Child


class NationalEntry(models.Model):
    """National entry (全国系统录入登记): a child was entered there on a day under a number, for one category.

    `columns` is a sealed document of what stood in our file when it was entered: what has changed since then differs
    from it. An entry is never rewritten: entered anew it is another row, and the one before ends with its reason.
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="national_entries")
    category = models.CharField(max_length=30)
    number = models.CharField(max_length=32)
    columns = SealedField()
    division_code = models.CharField(max_length=12)
    entered_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.CharField(max_length=10, blank=True)
    ended_words = SealedField(null=True, blank=True)

    class Meta:
        ordering = ("entered_on", "id")
        indexes = [
            models.Index(fields=["division_code"], condition=Q(ended_on__isnull=True), name="national_entry_place")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "category"], condition=Q(ended_on__isnull=True), name="national_entry_one_open"
            ),
            models.UniqueConstraint(
                fields=["number", "category"], condition=Q(ended_on__isnull=True), name="national_entry_number_once"
            ),
            models.CheckConstraint(condition=Q(category__in=list(CATEGORIES)), name="national_entry_category_known"),
            models.CheckConstraint(condition=Q(number__regex=NUMBER_FORM), name="national_entry_number_form"),
            models.CheckConstraint(condition=Q(division_code__regex=CODE_FORM), name="national_entry_code_form"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("entered_on")),
                name="national_entry_days_forward",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by__isnull=True, ended_reason="", ended_words__isnull=True)
                | Q(ended_on__isnull=False, ended_by__isnull=False, ended_reason__in=list(ENDINGS)),
                name="national_entry_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def file(self) -> Child:
        """The child's leading file (主档案)."""
        return self.child.leading

"""Cases of the law that an office keeps."""

from django.conf import settings
from django.db import models

NAME_AT_MOST, TEXT_AT_MOST = 60, 200_000


class CaseSet(models.Model):
    """Case set (案例集): cases in YAML with what is expected of each, kept by an office as its own test of the law.

    The cases are invented: they bear no name, number or address of a child. `revision` counts what was kept before.
    """

    name = models.CharField(max_length=NAME_AT_MOST)
    division_code = models.CharField(max_length=12)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(fields=["division_code", "name"], name="case_set_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="case_set_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

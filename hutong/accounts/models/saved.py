"""What somebody asks for again and again."""

from django.conf import settings
from django.db import models

FILTERS_AT_MOST = 12
"""How many filters one person keeps in one room (常用筛选上限)."""


class SavedFilter(models.Model):
    """Saved filter (常用筛选): the codes of a filter under a short name; never a name or a number that was typed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    room = models.CharField(max_length=20)
    name = models.CharField(max_length=20)
    query = models.JSONField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["person", "room", "name"], name="saved_filter_name_once"),
            models.UniqueConstraint(fields=["person", "room", "position"], name="saved_filter_position_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_filter_has_name"),
            models.CheckConstraint(
                condition=models.Q(position__gte=1, position__lte=FILTERS_AT_MOST), name="saved_filter_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.name

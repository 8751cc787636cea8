"""Notices of holidays as an office loaded them."""

from django.conf import settings
from django.db import models

TEXT_AT_MOST, NUMBER_AT_MOST = 20_000, 60
FIRST_YEAR, LAST_YEAR = 2004, 2199


class HolidayNotice(models.Model):
    """Notice of holidays (节假日安排通知): the days off and the Saturdays and Sundays worked of one year and place.

    `prefix` is empty for the whole country. `text` is what was pasted, `days` the YAML that was read out of it. Of
    several of one year and place the last one loaded counts; none is changed.
    """

    prefix = models.CharField(max_length=6, blank=True)
    year = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=NUMBER_AT_MOST)
    issued_on = models.DateField()
    text = models.TextField()
    days = models.TextField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-year", "prefix", "-id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="holiday_notice_year_is_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(number="") & ~models.Q(text="") & ~models.Q(days=""), name="holiday_notice_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.year}"

"""The clock (时钟) of doors and jobs. HUTONG_TODAY sets it for the demonstration, never for the trail."""

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day it is for whoever works now."""
    return settings.TODAY or timezone.localdate()

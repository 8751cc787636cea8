"""Names the application for Django."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "hutong.outreach"
    label = "outreach"

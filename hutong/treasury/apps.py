"""Names the application for Django."""

from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "hutong.treasury"
    label = "treasury"

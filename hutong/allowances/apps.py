"""Names the application for Django."""

from django.apps import AppConfig


class AllowancesConfig(AppConfig):
    name = "hutong.allowances"
    label = "allowances"

"""Names the application for Django."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "hutong.protection"
    label = "protection"

"""Names the application for Django."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "hutong.governance"
    label = "governance"

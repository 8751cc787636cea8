"""Names the application for Django."""

from django.apps import AppConfig


class DivisionsConfig(AppConfig):
    name = "hutong.divisions"
    label = "divisions"

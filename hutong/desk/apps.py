"""Names the application for Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hutong.desk"
    label = "desk"

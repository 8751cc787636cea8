"""Names the application for Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "hutong.registry"
    label = "registry"

"""Names the application for Django."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "hutong.network"
    label = "network"

"""Names the application for Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hutong.accounts"
    label = "accounts"

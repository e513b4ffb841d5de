"""Users, their roles, and the one permission matrix."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

"""After a restore from a backup: what the ledger says was destroyed since is destroyed again, before anybody enters."""

from django.apps import AppConfig


class RecoveryConfig(AppConfig):
    name = "recovery"

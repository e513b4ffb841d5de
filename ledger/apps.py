"""The append-only record of what was done. It outlives the districts that it speaks of."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"

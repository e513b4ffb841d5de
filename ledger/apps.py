"""The append-only record of what was done. It outlives the districts that it speaks of."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        """Hear of districts that come and go."""
        from ledger import receivers  # noqa: F401, PLC0415 - connecting the receivers is the purpose

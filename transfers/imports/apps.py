"""Offers and imports, in each district's schema."""

from django.apps import AppConfig


class TransferImportsConfig(AppConfig):
    name = "transfers.imports"
    label = "transfer_imports"

    def ready(self) -> None:
        """Show the data map to whatever goes by it: the start-up check, merges, the ninety days."""
        from products.registry import register_map  # noqa: PLC0415 - models are needed
        from transfers.imports.catalog import EXEMPT, TRANSFERS  # noqa: PLC0415

        register_map(self.label, TRANSFERS, EXEMPT)

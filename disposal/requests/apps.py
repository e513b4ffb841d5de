"""Requests for export and destruction, in each district's schema."""

from django.apps import AppConfig


class DisposalRequestsConfig(AppConfig):
    name = "disposal.requests"
    label = "disposal_requests"
    verbose_name = "Requests for export and destruction"

    def ready(self) -> None:
        """Show the data map to whatever goes by it."""
        from disposal.requests.catalog import DISPOSAL, EXEMPT  # noqa: PLC0415 - models are needed
        from products.registry import register_map  # noqa: PLC0415

        register_map(self.label, DISPOSAL, EXEMPT)

"""Who gets which report by e-mail, in each district's schema."""

from django.apps import AppConfig


class ReportSubscriptionsConfig(AppConfig):
    name = "reports.delivery.subscriptions"
    label = "report_subscriptions"
    verbose_name = "Reports by e-mail"

    def ready(self) -> None:
        """Show the data map to whatever goes by it."""
        from products.registry import register_map  # noqa: PLC0415 - models are needed
        from reports.delivery.subscriptions.catalog import DELIVERY, EXEMPT  # noqa: PLC0415

        register_map(self.label, DELIVERY, EXEMPT)

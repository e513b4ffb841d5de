"""Reports by e-mail: each week, or before the reset."""

from django.apps import AppConfig

ATTEMPTS = 24
"""Of a mail server that says "later": with the growing pauses, about a day."""


class ReportDeliveryConfig(AppConfig):
    name = "reports.delivery"
    label = "report_delivery"
    verbose_name = "Reports by e-mail"

    def ready(self) -> None:
        """Register the tick's planner and the kind of job."""
        from reports.delivery import due, sending  # noqa: PLC0415 - models are needed
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415

        register_planner(due.plan_deliveries)
        register_kind(Kind(due.JOB_KIND, sending.send_due, max_attempts=ATTEMPTS, on_failed=sending.deliveries_failed))

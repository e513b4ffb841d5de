"""The app of the webhooks."""

from django.apps import AppConfig

NOTICE_ATTEMPTS = 20


class WebhooksConfig(AppConfig):
    name = "api.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        """Let each tick ask for what is due, register the jobs, and say on the home page what was switched off."""
        from api.webhooks import delivering, notices, queue, selectors  # noqa: PLC0415 - models need the apps
        from reports.asked import register_asks  # noqa: PLC0415
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415

        register_planner(queue.plan_webhooks)
        register_kind(Kind(queue.KIND, delivering.deliver_due))
        register_kind(Kind(notices.KIND, notices.write_notices, max_attempts=NOTICE_ATTEMPTS))
        register_asks(selectors.webhook_asks)

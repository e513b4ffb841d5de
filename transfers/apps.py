"""Students take their history along."""

from django.apps import AppConfig

ATTEMPTS = 24
"""Of a mail server that says "later": with the growing pauses, about a day."""


class TransfersConfig(AppConfig):
    name = "transfers"

    def ready(self) -> None:
        """Register the jobs of requests."""
        from tenants.jobs.registry import Kind, register_kind  # noqa: PLC0415 - models are needed
        from transfers.imports.tasks import UNTIL_DONE  # noqa: PLC0415
        from transfers.requesting import services, tasks  # noqa: PLC0415

        register_kind(Kind(services.SEND, tasks.send_job, max_attempts=ATTEMPTS, on_failed=tasks.send_failed))
        register_kind(Kind(services.ERASE, tasks.erase_job, max_attempts=UNTIL_DONE))

"""Searches after a destruction."""

from django.apps import AppConfig

UNTIL_DONE = 500


class SweepsConfig(AppConfig):
    name = "sweeps"
    verbose_name = "Searches after destruction"

    def ready(self) -> None:
        """Register the kind of job."""
        from sweeps.services import KIND, run_sweep  # noqa: PLC0415 - models are needed
        from tenants.jobs.registry import Kind, register_kind  # noqa: PLC0415

        register_kind(Kind(KIND, run_sweep, max_attempts=UNTIL_DONE))

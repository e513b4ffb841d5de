"""Searches after a destruction."""

from django.apps import AppConfig

UNTIL_DONE = 500


class SweepsConfig(AppConfig):
    name = "sweeps"
    verbose_name = "Searches after destruction"

    def ready(self) -> None:
        """Register the kind of job; say on the desk's first page what waits."""
        from sweeps.services import KIND, run_sweep  # noqa: PLC0415 - models are needed
        from sweeps.waiting import incidents_waiting  # noqa: PLC0415
        from tenants.desk_waiting import register_waiting  # noqa: PLC0415
        from tenants.jobs.registry import Kind, register_kind  # noqa: PLC0415

        register_kind(Kind(KIND, run_sweep, max_attempts=UNTIL_DONE))
        register_waiting(incidents_waiting)

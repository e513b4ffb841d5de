"""The ninety days: whoever has not come back is anonymized."""

from django.apps import AppConfig

UNTIL_DONE = 500
"""Attempts at what the sources promise for a day: with the growing pauses, about four weeks."""


class ArchivingConfig(AppConfig):
    name = "archiving"

    def ready(self) -> None:
        """Register the tick's planner and the kind of job."""
        from archiving import planner, tasks  # noqa: PLC0415 - models are needed
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415

        register_planner(planner.plan_anonymizations)
        register_kind(Kind("anonymize", tasks.anonymize, max_attempts=UNTIL_DONE))

"""The ninety days: whoever has not come back is anonymized."""

from django.apps import AppConfig

UNTIL_DONE = 500
"""Attempts at what the sources promise for a day: with the growing pauses, about four weeks."""


class ArchivingConfig(AppConfig):
    name = "archiving"

    def ready(self) -> None:
        """Register the tick's planner and the kinds of jobs; hear of holds that are lifted."""
        from archiving import planner, postponed, tasks  # noqa: PLC0415 - models are needed
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415

        register_planner(planner.plan_anonymizations)
        register_kind(Kind("anonymize", tasks.anonymize, max_attempts=UNTIL_DONE))
        register_kind(Kind("postponed", tasks.do_postponed, max_attempts=UNTIL_DONE))
        postponed.hear_of_lifted_holds()

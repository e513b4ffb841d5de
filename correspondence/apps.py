"""Letters to district admins: reminders of the reset date, and what follows it."""

from django.apps import AppConfig

ATTEMPTS = 24
"""Of a mail server that says "later": with the growing pauses, about a day."""


class CorrespondenceConfig(AppConfig):
    name = "correspondence"

    def ready(self) -> None:
        """Register the tick's planner, the kind of job, and what a district's timeline shows."""
        from correspondence import planner, tasks, timeline  # noqa: PLC0415 - models are needed
        from resets.desk.timeline import register_source  # noqa: PLC0415
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415

        register_planner(planner.plan_letters)
        register_kind(Kind(planner.JOB_KIND, tasks.send_letters, max_attempts=ATTEMPTS, on_failed=tasks.letters_failed))
        register_source(timeline.letters_sent)

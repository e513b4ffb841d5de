"""Reset windows, schedules and runs; the policies; the engine."""

from django.apps import AppConfig

ATTEMPTS = 12
"""Of a reset: with the growing pauses about three hours, in which the longest report comes to its end."""
UNTIL_DONE = 500
"""Attempts at what must be done in the end: erased means erased. With the growing pauses, about four weeks."""


class ResetsConfig(AppConfig):
    name = "resets"
    verbose_name = "Data resets"

    def ready(self) -> None:
        """Register the check, the tick's planner and the kinds of jobs."""
        from resets import checks, conflicts, counted, held_counts, planner, tasks  # noqa: PLC0415 - models are needed
        from resets.calendar import address  # noqa: PLC0415 - the same
        from resets.readiness import checking  # noqa: PLC0415 - the same
        from resets.restoring import tasks as restoring  # noqa: PLC0415 - the same
        from resets.restoring.services import JOB  # noqa: PLC0415 - the same
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415

        checks.register_checks()
        conflicts.watch_what_bounds_dates()
        address.watch_districts()
        held_counts.watch_holds()
        register_planner(planner.plan_resets)
        register_planner(checking.plan_checks)
        register_kind(Kind(checking.KIND, checking.check_job))
        register_kind(Kind("reset", tasks.run_reset_job, max_attempts=ATTEMPTS, on_failed=tasks.reset_failed))
        register_kind(Kind("rewrite_storage", tasks.rewrite_storage, max_attempts=UNTIL_DONE))
        register_kind(Kind(counted.KIND, counted.count_job))
        register_kind(Kind("remove_files", tasks.remove_files, max_attempts=UNTIL_DONE))
        register_kind(Kind(JOB, restoring.run_restore_job, max_attempts=ATTEMPTS, on_failed=restoring.restore_failed))

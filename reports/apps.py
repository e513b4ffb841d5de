"""What people read: the home pages, reports, and files with students' data that are kept to be fetched."""

from django.apps import AppConfig

UNTIL_DONE = 500


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Register the job that removes kept files; hear of students who are erased."""
        from reports import receivers  # noqa: F401, PLC0415 - it connects itself; models are needed
        from reports.kept import REMOVE, remove_kept  # noqa: PLC0415
        from tenants.jobs.registry import Kind, register_kind  # noqa: PLC0415

        register_kind(Kind(REMOVE, remove_kept, max_attempts=UNTIL_DONE))

"""Downloads of reports, in each district's schema."""

from django.apps import AppConfig

ATTEMPTS = 3
UNTIL_DONE = 500


class ReportDownloadsConfig(AppConfig):
    name = "reports.downloads"
    label = "report_downloads"
    verbose_name = "Downloads of reports"

    def ready(self) -> None:
        """Show the data map to whatever goes by it; register the kinds of jobs, and who is asked in an erasure."""
        from products.registry import register_map  # noqa: PLC0415 - models are needed
        from reports.downloads import preparing, removing, telling  # noqa: PLC0415
        from reports.downloads.catalog import DOWNLOADS, EXEMPT  # noqa: PLC0415
        from reports.kept import register_keeper  # noqa: PLC0415
        from tenants.jobs.registry import Kind, register_kind  # noqa: PLC0415

        register_map(self.label, DOWNLOADS, EXEMPT)
        register_kind(
            Kind(preparing.KIND, preparing.prepare_file, max_attempts=ATTEMPTS, on_failed=preparing.file_failed)
        )
        register_kind(Kind(telling.KIND, telling.tell_ready, max_attempts=telling.ATTEMPTS, on_failed=telling.not_told))
        register_kind(Kind(removing.KIND, removing.remove_file, max_attempts=UNTIL_DONE))
        register_kind(Kind(removing.STALE, removing.remove_stale, max_attempts=UNTIL_DONE))
        register_keeper(removing.remove_with)

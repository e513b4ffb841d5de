"""Offers and imports, in each district's schema."""

from django.apps import AppConfig


class TransferImportsConfig(AppConfig):
    name = "transfers.imports"
    label = "transfer_imports"

    def ready(self) -> None:
        """Show the data map to whatever goes by it (the start-up check, merges, the ninety days); register the jobs."""
        from products.registry import register_map  # noqa: PLC0415 - models are needed
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415
        from transfers.imports import tasks  # noqa: PLC0415
        from transfers.imports.catalog import EXEMPT, TRANSFERS  # noqa: PLC0415

        register_map(self.label, TRANSFERS, EXEMPT)
        for kind, handler in ((tasks.ANALYZE, tasks.analyze_job), (tasks.IMPORT, tasks.import_job)):
            register_kind(Kind(kind, handler, max_attempts=tasks.ATTEMPTS, on_failed=tasks.job_failed))
        register_kind(Kind(tasks.EXPIRE, tasks.expire_job, max_attempts=tasks.UNTIL_DONE))
        register_kind(Kind(tasks.RECALL, tasks.recall_job, max_attempts=tasks.UNTIL_DONE))
        register_planner(tasks.plan_expired)

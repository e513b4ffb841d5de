"""Two people for what no policy does by itself."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = "Approvals"

    def ready(self) -> None:
        """Say on the desk's first page what waits."""
        from approvals.waiting import approvals_waiting  # noqa: PLC0415 - models are needed
        from tenants.desk_waiting import register_waiting  # noqa: PLC0415

        register_waiting(approvals_waiting)

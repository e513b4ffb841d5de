"""Export and destruction on request."""

from django.apps import AppConfig

UNTIL_DONE = 500


class DisposalConfig(AppConfig):
    name = "disposal"
    verbose_name = "Export and destruction on request"

    def ready(self) -> None:
        """Register the kinds of jobs and the planner; hear of approvals and of who is anonymized."""
        from disposal import approving, counting, receivers, services  # noqa: F401, PLC0415 - models are needed
        from disposal.desk import requests_waiting  # noqa: PLC0415 - the same
        from disposal.leaving import plan_leftovers  # noqa: PLC0415 - the same
        from tenants.desk_waiting import register_waiting  # noqa: PLC0415
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415

        approving.hear_of_approvals()
        failed = services.give_up_disposal
        register_kind(Kind(approving.KIND, services.dispose, max_attempts=UNTIL_DONE, on_failed=failed))
        register_kind(Kind(services.REMOVE, services.remove_export, max_attempts=UNTIL_DONE))
        register_kind(Kind(counting.KIND, counting.count_job))
        register_planner(plan_leftovers)
        register_waiting(requests_waiting)

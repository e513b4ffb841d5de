"""The append-only record of what was done. It outlives the districts that it speaks of."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ledger"

    def ready(self) -> None:
        """Hear of districts that come and go, append what others ask for, and close districts that are behind."""
        from ledger import receivers  # noqa: F401, PLC0415 - connecting the receivers is the purpose
        from ledger.dispositions import destroy_aged  # noqa: PLC0415 - models need the apps to be loaded
        from ledger.opening import check_not_behind, forget_on_new_connections  # noqa: PLC0415
        from ledger.publishing import publish_what_is_behind  # noqa: PLC0415 - models need the apps to be loaded
        from ledger.services import LATER, append_now  # noqa: PLC0415 - models need the apps to be loaded
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415
        from tenants.opening import register_check  # noqa: PLC0415

        register_kind(Kind(LATER, append_now))
        register_planner(publish_what_is_behind)
        register_planner(destroy_aged)
        register_check(check_not_behind)
        forget_on_new_connections()

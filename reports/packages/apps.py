"""Year packages."""

from django.apps import AppConfig

ATTEMPTS = 5
UNTIL_DONE = 500


class PackagesConfig(AppConfig):
    name = "reports.packages"
    label = "packages"
    verbose_name = "Year packages"

    def ready(self) -> None:
        """Register the kinds of jobs; be asked when students are erased; hear of districts that are removed."""
        from reports.kept import register_keeper  # noqa: PLC0415 - models are needed
        from reports.packages import destroying, receivers, services, terms  # noqa: F401, PLC0415
        from sweeps.sealed import register_sealed  # noqa: PLC0415
        from tenants.jobs.registry import Kind, register_kind  # noqa: PLC0415

        register_kind(Kind(services.KIND, services.build_package, max_attempts=ATTEMPTS, on_failed=services.give_up))
        register_kind(Kind(terms.EXPIRE, destroying.expire_package, max_attempts=UNTIL_DONE))
        register_keeper(destroying.destroy_with)
        register_sealed("year packages", destroying.left_with)

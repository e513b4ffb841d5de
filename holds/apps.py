"""Legal holds: who and what is left out of deletion and anonymization."""

from django.apps import AppConfig


class HoldsConfig(AppConfig):
    name = "holds"
    verbose_name = "Legal holds"

    def ready(self) -> None:
        """A student on hold is never a stranger, and a district with a hold is not removed."""
        from holds.selectors import on_hold  # noqa: PLC0415 - models are needed
        from holds.services import refuse_removal  # noqa: PLC0415
        from rostering.intake.returning import register_kept  # noqa: PLC0415
        from tenants.signals import district_removing  # noqa: PLC0415

        district_removing.connect(refuse_removal, dispatch_uid="holds-removal")
        register_kept(on_hold)

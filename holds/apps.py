"""Legal holds: who and what is left out of deletion and anonymization."""

from django.apps import AppConfig


class HoldsConfig(AppConfig):
    name = "holds"
    verbose_name = "Legal holds"

    def ready(self) -> None:
        """A student on hold is never a stranger: the rule that would make them one is postponed."""
        from holds.selectors import on_hold  # noqa: PLC0415 - models are needed
        from rostering.intake.returning import register_kept  # noqa: PLC0415

        register_kept(on_hold)

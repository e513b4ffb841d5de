"""Schools, people, classes and enrollments of one district; OneRoster in; sync and its pauses."""

from importlib import import_module

from django.apps import AppConfig


class RosteringConfig(AppConfig):
    name = "rostering"

    def ready(self) -> None:
        """Tell the worker how a nightly sync is run, and each tick how they are planned; the same for uploads."""
        from rostering.services.nightly import KIND, plan_nightly_syncs, run_nightly_sync  # noqa: PLC0415 - needs models
        from tenants.jobs.registry import Kind, register_kind, register_planner  # noqa: PLC0415 - needs models

        register_kind(Kind(KIND, run_nightly_sync, max_attempts=3))
        register_planner(plan_nightly_syncs)
        import_module("rostering.uploads")
        import_module("rostering.provider.jobs")

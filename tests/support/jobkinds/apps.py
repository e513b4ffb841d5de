"""Kinds of jobs for tests with real workers. Each leaves its traces in the ledger, which nothing can take back."""

from django.apps import AppConfig


class JobKindsConfig(AppConfig):
    name = "tests.support.jobkinds"

    def ready(self) -> None:
        """Register the kinds, and the kills that a test asks for."""
        from tests.support import killing
        from tests.support.jobkinds.kinds import register

        register()
        killing.register()

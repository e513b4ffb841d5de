"""Schools, people, classes and enrollments of one district; OneRoster in; sync and its pauses."""

from importlib import import_module

from django.apps import AppConfig


class RosteringConfig(AppConfig):
    name = "rostering"

    def ready(self) -> None:
        """Register the job of uploaded bundles."""
        import_module("rostering.uploads")

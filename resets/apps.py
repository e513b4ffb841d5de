"""Reset windows, schedules and runs; the policies; the engine."""

from django.apps import AppConfig


class ResetsConfig(AppConfig):
    name = "resets"
    verbose_name = "Data resets"

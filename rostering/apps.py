"""Schools, people, classes and enrollments of one district; OneRoster in; sync and its pauses."""

from django.apps import AppConfig


class RosteringConfig(AppConfig):
    name = "rostering"

"""What people read: the home pages."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

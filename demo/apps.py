"""The demo, installed by config.settings.demo alone."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

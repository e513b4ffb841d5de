"""Students take their history along."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "transfers"

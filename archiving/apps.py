"""The ninety days: whoever has not come back is anonymized."""

from django.apps import AppConfig


class ArchivingConfig(AppConfig):
    name = "archiving"

"""What of a district's school years is live, archived, restored, anonymized or destroyed."""

from django.apps import AppConfig


class YearsConfig(AppConfig):
    name = "archiving.years"
    label = "archive_years"
    verbose_name = "Archive"

    def ready(self) -> None:
        """Hear of resets, of restores and of districts that are removed."""
        from archiving.years import receivers  # noqa: F401, PLC0415 - connecting the receivers is the purpose

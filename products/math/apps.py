"""Imagine Math suite: the tables that it keeps in each district's schema."""

from django.apps import AppConfig


class MathConfig(AppConfig):
    name = "products.math"
    verbose_name = "Imagine Math suite"

    def ready(self) -> None:
        """Hear of every roster that is applied."""
        from products.math import accounts  # noqa: PLC0415 - models need the apps to be loaded

        accounts.register()

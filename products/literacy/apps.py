"""Imagine Learning literacy suite: the tables that it keeps in each district's schema."""

from django.apps import AppConfig


class LiteracyConfig(AppConfig):
    name = "products.literacy"
    verbose_name = "Imagine Learning literacy suite"

    def ready(self) -> None:
        """Hear of every roster that is applied."""
        from products.literacy import boy  # noqa: PLC0415 - models need the apps to be loaded

        boy.register()

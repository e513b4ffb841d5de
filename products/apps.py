"""The products: the data that each keeps, and which district subscribes to what."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        """Hook into the districts' life, the worker and the start-up checks."""
        from products.checks import register_checks  # noqa: PLC0415 - models need the apps to be loaded
        from products.partitions import schedule  # noqa: PLC0415

        register_checks()
        schedule.register()

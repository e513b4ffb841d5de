"""The products: the data that each keeps, and which district subscribes to what."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        """Hook into the districts' life and the worker."""
        from products.partitions import schedule  # noqa: PLC0415 - models need the apps to be loaded

        schedule.register()

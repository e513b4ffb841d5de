"""The products: the data that each keeps, and which district subscribes to what."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"

"""Renaissance: the tables that it keeps in each district's schema."""

from django.apps import AppConfig


class RenaissanceConfig(AppConfig):
    name = "products.renaissance"
    verbose_name = "Renaissance"

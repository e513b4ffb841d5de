"""Hero: the tables that it keeps in each district's schema."""

from django.apps import AppConfig


class HeroConfig(AppConfig):
    name = "products.hero"
    verbose_name = "Hero"

"""Imagine Math suite: the tables that it keeps in each district's schema."""

from django.apps import AppConfig


class MathConfig(AppConfig):
    name = "products.math"
    verbose_name = "Imagine Math suite"

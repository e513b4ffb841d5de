"""Imagine Learning literacy suite: the tables that it keeps in each district's schema."""

from django.apps import AppConfig


class LiteracyConfig(AppConfig):
    name = "products.literacy"
    verbose_name = "Imagine Learning literacy suite"

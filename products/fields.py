"""Pieces that the suites' models share."""

from django.db import models

from products.datamap import Product


def held_to(products: tuple[Product, ...], name: str) -> models.CheckConstraint:
    """A constraint that a row's product is one of these: a category exists in the products that keep it alone."""
    return models.CheckConstraint(condition=models.Q(product__in=[product.code for product in products]), name=name)

"""The suites that are installed: one for every folder in products/ with a data map."""

from functools import cache
from importlib import import_module

from django.apps import apps

from products.datamap import Product, Suite


@cache
def suites() -> tuple[Suite, ...]:
    """Every installed suite, by code."""
    names = sorted(config.name for config in apps.get_app_configs() if config.name.startswith("products."))
    return tuple(import_module(f"{name}.catalog").SUITE for name in names)


def suite_named(code: str) -> Suite:
    """The suite of this code.

    Raises:
        LookupError: no such suite; the message lists those there are.
    """
    for suite in suites():
        if suite.code == code:
            return suite
    raise LookupError(f"there is no suite {code!r}; there are: {', '.join(suite.code for suite in suites())}")


def product_named(code: str) -> tuple[Suite, Product]:
    """A product and its suite, by the product's code.

    Raises:
        LookupError: no such product.
    """
    for suite in suites():
        for product in suite.products:
            if product.code == code:
                return suite, product
    raise LookupError(f"there is no product {code!r}")

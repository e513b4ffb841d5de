"""The data maps that are installed: a suite for every folder in products/ with one, the roster's, and other apps'."""

from functools import cache
from importlib import import_module

from django.apps import apps

from holds.catalog import EXEMPT as HOLDS_EXEMPT
from holds.catalog import HOLDS
from products.datamap import Product, Suite
from rostering.catalog import EXEMPT, ROSTER

_others: dict[str, tuple[Suite, dict[str, str]]] = {
    "rostering": (ROSTER, EXEMPT),
    "holds": (HOLDS, HOLDS_EXEMPT),
}
"""The maps of apps that are no product: by app label, with the models that each leaves out and why."""


def register_map(app_label: str, suite: Suite, exempt: dict[str, str]) -> None:
    """Show the data map of an app above the products to whatever goes by the maps; called when the app is ready."""
    _others[app_label] = (suite, exempt)


def other_maps() -> dict[str, tuple[Suite, dict[str, str]]]:
    """The maps of apps that are no product, by app label: the roster's, and what was registered."""
    return dict(_others)


def data_maps() -> tuple[Suite, ...]:
    """Every data map: the suites, the roster's, and the other apps'."""
    return (*suites(), *(suite for suite, _ in _others.values()))


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

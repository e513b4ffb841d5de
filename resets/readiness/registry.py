"""The checklist's items in their order, with those of the products. A product adds some by a file of its own."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from resets.readiness import contacts, grades, graduates, received, schedules, terms
from rostering.readiness import Item

OWN: tuple[Item, ...] = (
    received.ITEM,
    grades.ITEM,
    graduates.ITEM,
    terms.TERMS,
    terms.SECTIONS,
    schedules.STUDENTS,
    schedules.SECTIONS,
    contacts.GUARDIANS,
    contacts.BIRTHS,
)
"""In the order of the Hero source's answer, after the file that all of it comes from."""


@cache
def all_items() -> tuple[Item, ...]:
    """Every item: the roster's, then those of `products/<suite>/readiness.py`."""
    names = sorted(config.name for config in apps.get_app_configs() if config.name.startswith("products."))
    found = [f"{name}.readiness" for name in names if find_spec(f"{name}.readiness")]
    return (*OWN, *(item for name in found for item in import_module(name).ITEMS))


def items_for(suites: set[str]) -> tuple[Item, ...]:
    """The items of a district that has these suites."""
    return tuple(item for item in all_items() if not item.suite or item.suite in suites)


def item_named(code: str) -> Item:
    """The item of this code.

    Raises:
        LookupError: there is none.
    """
    for item in all_items():
        if item.code == code:
            return item
    raise LookupError(f"there is no readiness item {code!r}")

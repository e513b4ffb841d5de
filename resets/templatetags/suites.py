"""Suites by name, on pages that have their codes."""

from django import template

from products.registry import suite_named

register = template.Library()


@register.filter
def suite_name(code: str) -> str:
    """A suite's name; its code when it is gone."""
    try:
        return suite_named(code).name
    except LookupError:
        return code

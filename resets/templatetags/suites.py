"""Suites by name, on pages that have their codes."""

from django import template
from django.http import HttpRequest
from django.template import Context

from products.registry import data_maps
from resets.views.reads import subscribes
from tenants.models import District

register = template.Library()


@register.filter
def suite_name(code: str) -> str:
    """A suite's name, or that of another app's data; its code when it is gone."""
    return next((suite.name for suite in data_maps() if suite.code == code), code)


@register.simple_tag(takes_context=True)
def has_suite_now(context: Context, suite: str) -> bool:
    """Whether the district whose page this is has a suite today, or had it within the year; asked once a page."""
    request = context.get("request")
    district = getattr(request, "tenant", None)
    return isinstance(request, HttpRequest) and isinstance(district, District) and subscribes(request, suite)

"""What the district's home page says of support visits that are going on."""

from typing import Any

from django import template

from accounts.pages import moment
from accounts.visits import visits_going_on

register = template.Library()


@register.inclusion_tag("parts/visits_going_on.html", takes_context=True)
def visits_now(context: dict[str, Any]) -> dict[str, Any]:
    """The notice; empty while nobody visits."""
    return {"visits": visits_going_on(moment(context["request"])), "district": context["district"]}

"""What stands on top of every page of the desk while all destructive work is stopped."""

from typing import Any

from django import template

from resets.controls import engine_control

register = template.Library()


@register.inclusion_tag("admin/resets/parts/stop_notice.html", takes_context=True)
def stop_notice(context: dict[str, Any]) -> dict[str, Any]:
    """Why work is stopped, for whoever is logged in; nothing while it goes on.

    The desk's mark (`environment`) has asked already, so that an ordinary page asks the database no more for this.
    """
    user = getattr(context.get("request"), "user", None)
    is_stopped = bool(context.get("environment")) and bool(getattr(user, "is_staff", False))
    return {"control": engine_control() if is_stopped else None}

"""A hold changes what a reset would do: counts that were kept are forgotten, and made anew when somebody looks."""

from typing import Any

from django_tenants.utils import schema_context

from holds.signals import hold_lifted, hold_placed
from resets.models import PreviewCount
from tenants.models import District


def watch_holds() -> None:
    """Hear of every hold that is placed or lifted; called when the app is ready."""
    for signal in (hold_placed, hold_lifted):
        signal.connect(_forget, dispatch_uid="resets-held-counts")


def _forget(district: District, **_: Any) -> None:
    with schema_context("public"):
        PreviewCount.objects.filter(schedule__district_id=district.pk).delete()

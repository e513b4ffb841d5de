"""What the reports hear of: students who are erased; whoever keeps files with their data destroys them."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from reports.kept import Erased, keepers
from rostering.signals import students_erased
from tenants.models import District


@receiver(students_erased, dispatch_uid="reports-erased")
def destroy_copies(district: District, keys: frozenset[int], actor: str, at: dt.datetime, entry: int, **_: Any) -> None:
    """Ask every keeper, in the transaction of the erasure."""
    erased = Erased(frozenset(keys), actor, at, entry)
    for keeper in keepers():
        keeper(district, erased)

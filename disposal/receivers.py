"""What requests and their files hear of: students who are anonymized or destroyed."""

import datetime as dt
from typing import Any
from uuid import uuid4

from django.dispatch import receiver

from disposal.bundles import remove_superseded
from disposal.services import end_orphans
from ledger.replaying import current_replay
from rostering.models import ReturnWindow
from rostering.signals import students_erased
from tenants.models import District


@receiver(students_erased, sender=ReturnWindow, dispatch_uid="disposal-superseded")
def remove_files_of_the_anonymized(district: District, at: dt.datetime, **_: Any) -> None:
    """Old rosters and whole-district exports go with the names, in the transaction of the anonymization."""
    remove_superseded(district, f"files_superseded_{uuid4().hex[:12]}", at)


@receiver(students_erased, dispatch_uid="disposal-orphans")
def end_requests_of_the_erased(district: District, actor: str, at: dt.datetime, **_: Any) -> None:
    """Open requests end with the student that they are about; what is done again after a restore ended them before."""
    if current_replay() is None:
        end_orphans(district, actor=actor, at=at)

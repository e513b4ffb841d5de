"""What requests and their files hear of: students who are anonymized."""

import datetime as dt
from typing import Any
from uuid import uuid4

from django.dispatch import receiver

from disposal.bundles import remove_superseded
from rostering.models import ReturnWindow
from rostering.signals import students_erased
from tenants.models import District


@receiver(students_erased, sender=ReturnWindow, dispatch_uid="disposal-superseded")
def remove_files_of_the_anonymized(district: District, at: dt.datetime, **_: Any) -> None:
    """Old rosters and whole-district exports go with the names, in the transaction of the anonymization."""
    remove_superseded(district, f"files_superseded_{uuid4().hex[:12]}", at)

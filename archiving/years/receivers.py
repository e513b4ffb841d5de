"""What the archive's record hears of: resets, restores, and districts that are gone."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from archiving.years.services import note_destruction, note_reset, note_restore
from resets.engine.counting import Tallies
from resets.models import ResetRun
from resets.signals import reset_completed, reset_undone
from tenants import clock
from tenants.models import District
from tenants.signals import district_removed


@receiver(reset_completed, dispatch_uid="years-reset")
def keep_reset(run: ResetRun, lines: Tallies, **_: Any) -> None:
    """A reset is about to commit."""
    note_reset(run, lines, clock.now())


@receiver(reset_undone, dispatch_uid="years-restore")
def keep_restore(run: ResetRun, schools: Iterable[int] | None, lines: Tallies, **_: Any) -> None:
    """A restore is about to commit."""
    note_restore(run, schools, lines, clock.now())


@receiver(district_removed, dispatch_uid="years-removed")
def keep_removal(district: District, at: dt.datetime, **_: Any) -> None:
    """A district is being removed with everything in it."""
    note_destruction(district, at)

"""Entries of the ledger about reports: who took what, how many students; identifiers and counts only."""

import datetime as dt
from typing import Any
from uuid import uuid4

from django.db import transaction

from ledger.services import append_entry, append_later
from tenants.locks import Lock, try_lock
from tenants.models import District


def note_report(district: District, kind: str, *, actor: str, at: dt.datetime, facts: dict[str, Any]) -> None:
    """Write down what was done with a report, committed when this returns.

    While a reset or an import holds the district's lock nobody waits for it: the entry is then asked for as a job in
    this same transaction, and appended when the lock is free.
    """
    with transaction.atomic():
        if try_lock(Lock.DISTRICT, district.pk):
            append_entry(district.pk, kind, actor=actor, at=at, facts=facts)
        else:
            append_later(district, kind, f"{kind} {uuid4()}", actor=actor, at=at, facts=facts)

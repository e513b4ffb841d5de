"""Certificates for tests of pages."""

import datetime as dt
from typing import Any

from django.db import transaction
from django_tenants.utils import schema_context

from certificates.example import FACTS
from certificates.models import Certificate
from certificates.planner import issue_due_certificates
from ledger.services import append_entry
from tenants.locks import Lock, take_lock
from tenants.models import District


def certify(district: District, at: dt.datetime, kind: str = "reset", **facts: Any) -> Certificate:
    """Append an entry to the district's ledger, and let a tick issue its certificate."""
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        whole = {**FACTS, "schools": [], **facts}
        number = append_entry(district.pk, kind, actor="system:planner", at=at, facts=whole)
        issue_due_certificates()
        return Certificate.objects.get(district_id=district.pk, ledger_number=number, superseded_by=None)

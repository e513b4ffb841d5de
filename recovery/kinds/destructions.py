"""Destructions on request, and removals of districts, done again."""

import datetime as dt

from django_tenants.utils import schema_context

from disposal.destroying import destroy_student
from disposal.leaving import destroy_district
from disposal.models import Case, CaseKind, CaseScope, CaseState
from ledger.chain import Entry
from tenants.models import District
from tenants.services import remove_district


def destroy_again(district: District, entry: Entry) -> None:
    """Destroy once more whom a request concerned, whatever the backup knows of the request."""
    at = entry.happened_at
    case = _case(district, entry, at)
    if case.scope == CaseScope.STUDENT:
        destroy_student(district, case, at=at)
    else:
        destroy_district(district, case, at=at)


def remove_again(district: District, entry: Entry) -> None:
    """Remove a district that was removed without a request."""
    remove_district(district, actor=entry.actor, at=entry.happened_at)


def _case(district: District, entry: Entry, at: dt.datetime) -> Case:
    """The request as it was when it was done, which the backup may not know."""
    with schema_context("public"):
        case, _ = Case.objects.get_or_create(
            pk=entry.facts["case"],
            defaults={
                "district": district, "kind": CaseKind.DESTRUCTION, "scope": entry.facts["scope"],
                "asked_by": entry.facts["approvers"][0], "asked_at": at, "due_on": at.date(),
            },
        )  # fmt: skip
    case.approval_id = entry.facts.get("approval", case.approval_id)
    case.state = CaseState.APPROVED
    case.save(update_fields=["approval_id", "state"])
    return case

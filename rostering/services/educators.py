"""Removing educators who have left, by a named person, and bringing them back.

"Remove educators no longer with the organization or using the program" is asked before the reset; "All educator and
administrator accounts are retained" (literacy source): so nothing is deleted. They are marked inactive, their teaching
assignments end, and their log-ins are closed.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from accounts.models import Role, User
from ledger.services import append_entry
from rostering.errors import NobodyToRemoveError
from rostering.models import Educator, EducatorRemoval, RemovedEducator, TeachingAssignment
from rostering.models_people import PersonStatus
from rostering.removal import judge_removal
from rostering.services.entered import entered_district
from tenants.locks import Lock, take_lock


def remove_educators(
    keys: Iterable[int], *, by: User, school_id: int | None, as_of: dt.date, at: dt.datetime
) -> EducatorRemoval:
    """Take educators of the entered district off the roster and close their log-ins; nothing is deleted.

    Whom `judge_removal` refuses stays. The SIS may bring them back with its next bundle: their log-ins stay closed.

    Args:
        by: who answers for it.
        school_id: the one school whose educators they may remove; None for a district admin.
        as_of: the day on which they leave.

    Returns:
        the record, by which they can be brought back.

    Raises:
        NobodyToRemoveError: nobody of these can be removed (any more); nothing was changed.
    """
    with transaction.atomic():
        district = entered_district()
        take_lock(Lock.DISTRICT, district.pk)
        judged = judge_removal(keys, by=by, school_id=school_id)
        leaving = {each.key: each.account_ids for each in judged if not each.refusal}
        if not leaving:
            raise NobodyToRemoveError("Nobody of these can be removed (any more). Nothing was changed.")
        removal = EducatorRemoval.objects.create(actor=by.actor, at=at, left_on=as_of, school_id=school_id)
        ended: dict[int, list[int]] = defaultdict(list)
        taught = TeachingAssignment.objects.filter(educator_id__in=leaving, is_active=True)
        for key, educator in taught.order_by("pk").values_list("pk", "educator_id"):
            ended[educator].append(key)
        taught.update(is_active=False)
        Educator.objects.filter(pk__in=leaving).update(status=PersonStatus.INACTIVE, left_on=as_of)
        accounts = [account for ids in leaving.values() for account in ids]
        User.objects.filter(pk__in=accounts).update(is_active=False)
        RemovedEducator.objects.bulk_create(
            RemovedEducator(removal=removal, educator_id=key, assignments=ended[key], accounts=list(ids))
            for key, ids in leaving.items()
        )
        facts = {
            "removal": str(removal.pk),
            "educators": len(leaving),
            "assignments": sum(map(len, ended.values())),
            "accounts": len(accounts),
        }
        append_entry(district.pk, "educators_removed", actor=by.actor, at=at, facts=facts)
    return removal


def bring_back_educators(removal_id: UUID, keys: Iterable[int], *, by: User, at: dt.datetime) -> int:
    """Undo a removal for some of its educators: on the roster again, with their assignments and log-ins as before.

    Returns:
        how many came back; those who were brought back before are left as they are.
    """
    with transaction.atomic():
        district = entered_district()
        take_lock(Lock.DISTRICT, district.pk)
        rows = list(RemovedEducator.objects.filter(removal_id=removal_id, educator_id__in=list(keys), back_at=None))
        if not rows:
            return 0
        Educator.objects.filter(pk__in=[row.educator_id for row in rows]).update(
            status=PersonStatus.ACTIVE, left_on=None
        )
        assignments = [key for row in rows for key in row.assignments]
        TeachingAssignment.objects.filter(pk__in=assignments, section__is_active=True).update(is_active=True)
        accounts = User.objects.filter(pk__in=[key for row in rows for key in row.accounts])
        if by.role != Role.DISTRICT_ADMIN:
            accounts = accounts.exclude(role=Role.DISTRICT_ADMIN)
        accounts.update(is_active=True)
        RemovedEducator.objects.filter(pk__in=[row.pk for row in rows]).update(back_at=at, back_by=by.actor)
        facts = {"removal": str(removal_id), "educators": len(rows), "assignments": len(assignments)}
        append_entry(district.pk, "educators_brought_back", actor=by.actor, at=at, facts=facts)
    return len(rows)

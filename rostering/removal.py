"""Who of some educators may be removed, by whom, and what that would end. One rule for the page and for the service."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Role, User
from rostering.models import Educator, EducatorIdentity, EducatorRole, TeachingAssignment
from rostering.models_people import PersonStatus

YOURSELF = "This is you. Another admin can remove you."
LAST_ADMIN = "The district's last admin: nobody could manage this site any more. Make another district admin first."
ADMINS_ACCOUNT = "Has a district admin's log-in, which only a district admin may close."
LEFT = "Has left the roster already."
ELSEWHERE = "Also works at a school that is not yours. Ask a district admin."
NO_SCHOOL = "Does not work at your school."


@dataclass(frozen=True)
class Judged:
    """One educator: whether they may be removed, and what ends if so.

    Attributes:
        refusal: why not; empty when they may.
        assignments: their active teaching assignments.
        account_ids: their open log-ins.
    """

    key: int
    name: str
    schools: tuple[int, ...]
    assignments: int
    account_ids: tuple[int, ...]
    refusal: str


def judge_removal(keys: Iterable[int], *, by: User, school_id: int | None) -> list[Judged]:
    """Judge educators of the entered district, in the order of their names. A constant number of queries.

    Args:
        by: who would remove them.
        school_id: the one school that they may do it for; None for a district admin.
    """
    educators = {educator.pk: educator for educator in Educator.objects.filter(pk__in=list(keys))}
    identities = EducatorIdentity.objects.filter(pk__in=educators).order_by("family_name", "given_name", "pk")
    schools, taught = schools_of(educators), _assignments(educators)
    accounts = accounts_of(identities)
    admins = set(User.objects.filter(role=Role.DISTRICT_ADMIN, is_active=True).values_list("pk", flat=True))
    judged = []
    for identity in identities:
        key = identity.pk
        own = [account for account in accounts[key] if account.is_active]
        refusal = _refusal(educators[key], schools[key], own, by, school_id, admins)
        if not refusal:
            admins -= {account.pk for account in own}
        name = f"{identity.family_name}, {identity.given_name}"
        ids = tuple(account.pk for account in own)
        judged.append(Judged(key, name, tuple(sorted(schools[key])), taught.get(key, 0), ids, refusal))
    return judged


def schools_of(keys: Iterable[int]) -> dict[int, set[int]]:
    """Where educators work now: their active roles' schools and those where they teach."""
    found: dict[int, set[int]] = defaultdict(set)
    keys = list(keys)
    for model in (EducatorRole, TeachingAssignment):
        active = model.objects.filter(educator_id__in=keys, is_active=True, school_id__isnull=False)
        for educator, school in active.values_list("educator_id", "school_id").distinct():
            found[educator].add(school)
    return found


def accounts_of(identities: Iterable[EducatorIdentity]) -> dict[int, list[User]]:
    """Each educator's log-ins: those that name the educator, and one with the e-mail address of the roster.

    A principal's log-in is a school admin's and names no educator; it is theirs all the same.
    """
    address_of = {identity.pk: identity.email.strip().lower() for identity in identities}
    keys_at: dict[str, list[int]] = defaultdict(list)
    for key, address in address_of.items():
        keys_at[address].append(key)
    addresses = [address for address in keys_at if address]
    found: dict[int, list[User]] = defaultdict(list)
    for user in User.objects.filter(Q(educator_id__in=list(address_of)) | Q(email__in=addresses)).order_by("pk"):
        for key in {*([user.educator_id] if user.educator_id in address_of else []), *keys_at.get(user.email, [])}:
            if key is not None:
                found[key].append(user)
    return found


def _assignments(keys: Iterable[int]) -> dict[int, int]:
    counted: dict[int, int] = defaultdict(int)
    taught = TeachingAssignment.objects.filter(educator_id__in=list(keys), is_active=True)
    for educator in taught.values_list("educator_id", flat=True):
        counted[educator] += 1
    return counted


def _refusal(
    educator: Educator, schools: set[int], accounts: list[User], by: User, school_id: int | None, admins: set[int]
) -> str:
    """Why somebody may not be removed; `admins` are the district admins who would be left."""
    own = {account.pk for account in accounts}
    reasons = (
        (by.pk in own, YOURSELF),
        (educator.status != PersonStatus.ACTIVE, LEFT),
        (school_id is not None and school_id not in schools, NO_SCHOOL),
        (school_id is not None and schools != {school_id}, ELSEWHERE),
        (bool(own & admins) and by.role != Role.DISTRICT_ADMIN, ADMINS_ACCOUNT),
        (bool(admins) and admins <= own, LAST_ADMIN),
    )
    return next((text for holds, text in reasons if holds), "")

"""Educators as the people pages show them: where they work, and when they last signed in."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import User
from rostering.models import Educator, EducatorRole, TeachingAssignment
from rostering.models_people import PersonStatus
from rostering.removal import accounts_of


@dataclass(frozen=True)
class EducatorRow:
    """One educator of the list.

    Attributes:
        roles: "teacher at School 1", one for each role.
        accounts: their log-ins; empty without any.
        has_left: left the roster, on `left_on` where that is known.
    """

    key: int
    name: str
    roles: list[str]
    accounts: list[User]
    has_left: bool
    left_on: dt.date | None

    @property
    def last_sign_in(self) -> dt.datetime | None:
        """The newest sign-in of any of the log-ins."""
        return max((account.last_login for account in self.accounts if account.last_login), default=None)

    @property
    def is_closed(self) -> bool:
        """Whether there are log-ins, and all are closed."""
        return bool(self.accounts) and not any(account.is_active for account in self.accounts)


def educator_rows(keys: list[int], schools: Mapping[int, str]) -> list[EducatorRow]:
    """Educators with what the list shows of them, in the order of the keys.

    Args:
        keys: the educators'.
        schools: the names of all of the district.
    """
    found = Educator.objects.select_related("identity").in_bulk(keys)
    accounts = accounts_of(educator.identity for educator in found.values())
    roles = _roles_of(keys, schools)
    return [
        EducatorRow(
            key,
            f"{found[key].identity.family_name}, {found[key].identity.given_name}",
            roles[key],
            accounts[key],
            found[key].status != PersonStatus.ACTIVE,
            found[key].left_on,
        )
        for key in keys
        if key in found
    ]


def _roles_of(keys: list[int], names: Mapping[int, str]) -> dict[int, list[str]]:
    """In words, each role at each school; the schools where somebody teaches without a role there."""
    words: dict[int, list[str]] = defaultdict(list)
    told: set[tuple[int, int]] = set()
    roles = EducatorRole.objects.filter(educator_id__in=keys, is_active=True).order_by("-is_primary", "pk")
    for educator, school, role in roles.values_list("educator_id", "school_id", "role"):
        at = f" at {names[school]}" if school in names else ""
        words[educator].append(f"{role}{at}")
        told.add((educator, school or 0))
    taught = TeachingAssignment.objects.filter(educator_id__in=keys, is_active=True, school_id__isnull=False)
    for key, school in taught.order_by("educator_id", "school_id").values_list("educator_id", "school_id").distinct():
        if (key, school) not in told:
            words[key].append(f"teaches at {names[school]}")
    return words

"""Who did something, in words: records name a role and a key, and staff's names are in the public schema."""

from collections.abc import Iterable

from accounts.actors import PROGRAM, numbered
from accounts.models import VENDOR_ROLES, User

BY_ITSELF = "Yearturn, by itself"


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The words for each actor, in one query. A district's people stay unnamed: their names are in its own schema."""
    wanted = set(actors)
    keys = {int(key) for role, key in map(_parts, wanted) if role in VENDOR_ROLES and key.isdecimal()}
    staff = {user.pk: user.name or user.email for user in User.objects.filter(pk__in=keys)} if keys else {}
    return {actor: _words(actor, staff) for actor in wanted}


def _parts(actor: str) -> tuple[str, str]:
    role, _, key = actor.partition(":")
    return role, key


def _words(actor: str, staff: dict[int, str]) -> str:
    role, key = _parts(actor)
    if role == "system":
        return BY_ITSELF
    if role == PROGRAM:
        return f"{numbered(actor)}, by the API"
    if role in VENDOR_ROLES and key.isdecimal() and int(key) in staff:
        return staff[int(key)]
    return numbered(actor)

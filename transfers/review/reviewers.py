"""Who decided: records name a role and a key; to colleagues of the same district a page says the name."""

from collections.abc import Iterable

from accounts.models import Role, User

UNKNOWN = "Somebody who has no account any more"


def people_behind(actors: Iterable[str]) -> dict[str, str]:
    """The names, with their roles, of those whom records of the entered district name. One query at most."""
    asked = {actor for actor in actors if actor}
    keys = {int(key) for actor in asked for key in [actor.partition(":")[2]] if key.isdigit()}
    users = {user.actor: user for user in User.objects.filter(pk__in=keys)} if keys else {}
    return {actor: _words(users.get(actor), actor) for actor in asked}


def _words(user: User | None, actor: str) -> str:
    if user is not None:
        return f"{user.name} ({Role(user.role).label.lower()})"
    return "Yearturn, by itself" if actor.startswith("system:") else UNKNOWN

"""Who did something, as records name them: a role and a key, such as `csm:4`; never a name."""

from typing import Final

from accounts.models import Role

PROGRAM: Final = "client"
"""Stands before a program's key where others have a role."""


def numbered(actor: str) -> str:
    """An actor by role and number; as it is where it has none that is known.

    >>> numbered("csm:4"), numbered("client:7"), numbered("system:planner")
    ('Customer success manager no. 4', 'Program no. 7', 'system:planner')
    """
    role, _, key = actor.partition(":")
    if role == PROGRAM:
        return f"Program no. {key}"
    return f"{Role(role).label} no. {key}" if role in Role.values and key else actor

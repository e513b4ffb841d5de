"""Which scopes open what, by the official documents."""

from typing import Final

from api.access.scopes import ONEROSTER_11, ONEROSTER_12

CORE: Final = (f"{ONEROSTER_12}roster.readonly", f"{ONEROSTER_12}roster-core.readonly")
ROSTER: Final = (f"{ONEROSTER_12}roster.readonly",)
DEMOGRAPHICS: Final = (f"{ONEROSTER_12}roster-demographics.readonly",)
GRADEBOOK_CORE: Final = (f"{ONEROSTER_12}gradebook.readonly", f"{ONEROSTER_12}gradebook-core.readonly")
GRADEBOOK: Final = (f"{ONEROSTER_12}gradebook.readonly",)
PUT: Final = (f"{ONEROSTER_12}gradebook.createput",)
POST: Final = (f"{ONEROSTER_12}gradebook.createpost",)
DELETE: Final = (f"{ONEROSTER_12}gradebook.delete",)


def of_old(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """What opens the same in 1.1: its own scopes, or those of 1.2."""
    return (*(scope.replace(ONEROSTER_12, ONEROSTER_11) for scope in scopes), *scopes)

"""One thing that is asked of somebody on the home page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tenants.models import District

ADMINS: Final = "The district's admins"
CSM: Final = "Your customer success manager"


@dataclass(frozen=True)
class Ask:
    """One thing that is asked.

    Attributes:
        state: now, later or done.
        whose: who is asked; empty for whoever reads the page.
        link, link_words: where it is done, when that is a page of this site.
    """

    title: str
    text: str
    state: str
    link: str = ""
    link_words: str = ""
    whose: str = ""


Asker = Callable[[District], list[Ask]]
_askers: list[Asker] = []


def register_asks(asker: Asker) -> None:
    """Let an upper layer ask something of a district's admins on their home page."""
    if asker not in _askers:
        _askers.append(asker)


def registered_asks(district: District) -> list[Ask]:
    """What upper layers ask of the entered district's admins now."""
    return [ask for asker in _askers for ask in asker(district)]

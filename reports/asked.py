"""One thing that is asked of somebody on the home page."""

from dataclasses import dataclass
from typing import Final

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

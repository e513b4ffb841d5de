"""Names of sheets as Excel allows them."""

import re
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 31
FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
RESERVED: Final = ("history",)


class SheetNames:
    """Gives each table a name that no other sheet of the workbook has, whatever the case of its letters."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*RESERVED, *(name.lower() for name in taken)}

    def name_for(self, title: str) -> str:
        """The title, cut between words where it is too long, with a number where it is not the only one."""
        plain = " ".join(FORBIDDEN.sub(" ", title).split()).strip("'") or "Table"
        number = 1
        while True:
            ending = "" if number == 1 else f" ({number})"
            name = _cut(plain, LONGEST - len(ending)) + ending
            if name.lower() not in self._taken:
                self._taken.add(name.lower())
                return name
            number += 1


def _cut(text: str, most: int) -> str:
    if _length(text) <= most:
        return text
    while _length(text) > most:
        shorter = text.rpartition(" ")[0]
        text = shorter if _length(shorter) > most // 2 else text[:-1]
    return text.rstrip(" ,;-'")


def _length(text: str) -> int:
    """As Excel counts: in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2

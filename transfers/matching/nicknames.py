"""Short and long forms of given names, and forms of one name in several languages.

Each line is one name: whoever bears one of its forms may stand under another. The list is our own and folded.
"""

from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("nicknames.txt")


@cache
def alike() -> dict[str, tuple[str, ...]]:
    """For each name its other forms."""
    found: dict[str, set[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        forms = line.split("#")[0].split()
        for form in forms:
            found.setdefault(form, set()).update(other for other in forms if other != form)
    return {name: tuple(sorted(forms)) for name, forms in sorted(found.items())}

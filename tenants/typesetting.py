"""The typesetter of every document on paper: its fonts, and what they can write.

What people have entered comes to a template as JSON, and is never read as markup.
"""

import json
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

import typst

READABLE: Final = (
    (0x20, 0x7E), (0xA0, 0x377), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x484), (0x487, 0x4FF),
    (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2040), (0x2042, 0x2042), (0x2044, 0x2052), (0x2054, 0x205E),
)  # fmt: skip
"""What the fonts that come with the typesetter can write: Latin, Greek, Cyrillic, punctuation."""


def typesetter(template: bytes) -> typst.Compiler:
    """A compiler of a template. Fonts are those that it brings along: no machine's own."""
    return typst.Compiler(template, font_paths=typst.Fonts(include_system_fonts=False))


def as_input(value: Any) -> str:
    """A document as the JSON that a template reads, with every letter in it that a font can write."""
    return json.dumps(writable(value))


def writable(value: Any) -> Any:
    """The value with every letter that no font can write put in its code.

    >>> writable({"name": ["Zo\u00eb \u738b"]})
    {'name': ['Zo\u00eb [U+738B]']}
    """
    if isinstance(value, dict):
        return {name: writable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [writable(each) for each in value]
    return "".join(_letters(value)) if isinstance(value, str) else value


def _letters(text: str) -> Iterable[str]:
    for letter in unicodedata.normalize("NFC", text):
        code = ord(letter)
        yield letter if any(first <= code <= last for first, last in READABLE) else f"[U+{code:04X}]"

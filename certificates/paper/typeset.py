"""Typesetting a certificate. The same certificate gives the same bytes: nothing is kept, each download is made anew."""

import datetime as dt
import io
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
import typst

from certificates.models import Certificate
from certificates.paper.sealed import BLANK, seal
from certificates.sealing import as_file

STANDARDS: Final = ("a-3a", "ua-1")
"""For keeping (PDF/A-3, which may hold the JSON) and for everybody's reading (PDF/UA-1: tagged, titled, described)."""
PICTURE_PPI: Final = 110
READABLE: Final = ((0x20, 0x24F), (0x370, 0x52F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E))
"""What the fonts that come with the typesetter can write: Latin, Greek, Cyrillic, punctuation."""


def as_pdf(certificate: Certificate) -> bytes:
    """A version of a certificate as PDF, with its signed JSON inside, sealed to the last byte.

    Raises:
        TypstError: the template or the typesetter is broken.
    """
    stamp = int(certificate.issued_at.astimezone(dt.UTC).timestamp())
    compiler = _compiler()
    made = compiler.compile(
        format="pdf", pdf_standards=list(STANDARDS), timestamp=stamp, sys_inputs=_inputs(certificate)
    )
    return seal(_one_file(made))


def as_picture(certificate: Certificate) -> bytes:
    """The first page as PNG, for the documentation."""
    made = _compiler().compile(format="png", ppi=PICTURE_PPI, sys_inputs=_inputs(certificate))
    return made[0] if isinstance(made, list) else _one_file(made)


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "certificate.typ").read_bytes()


def _compiler() -> typst.Compiler:
    """The typesetter on the template. Fonts are those that it brings along: no machine's own."""
    return typst.Compiler(_template(), font_paths=typst.Fonts(include_system_fonts=False))


def _inputs(certificate: Certificate) -> dict[str, str]:
    document: dict[str, Any] = certificate.document
    return {
        "document": json.dumps(_writable(document)),
        "file": as_file(certificate).decode(),
        "key": certificate.signature_key,
        "qr": _qr(document["certificate"]["check_at"]),
        "seal": BLANK,
    }


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, dark="#12302f")
    return out.getvalue().decode()


def _writable(value: Any) -> Any:
    """The value with every letter that no font can write put in its code: the JSON inside has the letter itself."""
    if isinstance(value, dict):
        return {name: _writable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_writable(each) for each in value]
    return "".join(_letters(value)) if isinstance(value, str) else value


def _letters(text: str) -> Iterable[str]:
    for letter in text:
        code = ord(letter)
        yield letter if any(first <= code <= last for first, last in READABLE) else f"[U+{code:04X}]"


def _one_file(made: Any) -> bytes:
    return bytes(made)

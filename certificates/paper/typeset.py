"""Typesetting a certificate. The same certificate gives the same bytes: nothing is kept, each download is made anew."""

import datetime as dt
import io
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno

from certificates.models import Certificate
from certificates.paper.sealed import BLANK, seal
from certificates.sealing import as_file
from tenants.typesetting import as_input, typesetter

STANDARDS: Final = ("a-3a", "ua-1")
"""For keeping (PDF/A-3, which may hold the JSON) and for everybody's reading (PDF/UA-1: tagged, titled, described)."""
PICTURE_PPI: Final = 110


def as_pdf(certificate: Certificate) -> bytes:
    """A version of a certificate as PDF, with its signed JSON inside, sealed to the last byte.

    Raises:
        TypstError: the template or the typesetter is broken.
    """
    stamp = int(certificate.issued_at.astimezone(dt.UTC).timestamp())
    compiler = typesetter(_template())
    made = compiler.compile(
        format="pdf", pdf_standards=list(STANDARDS), timestamp=stamp, sys_inputs=_inputs(certificate)
    )
    return seal(_one_file(made))


def as_picture(certificate: Certificate) -> bytes:
    """The first page as PNG, for the documentation."""
    made = typesetter(_template()).compile(format="png", ppi=PICTURE_PPI, sys_inputs=_inputs(certificate))
    return made[0] if isinstance(made, list) else _one_file(made)


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "certificate.typ").read_bytes()


def _inputs(certificate: Certificate) -> dict[str, str]:
    document: dict[str, Any] = certificate.document
    return {
        "document": as_input(document),
        "file": as_file(certificate).decode(),
        "key": certificate.signature_key,
        "qr": _qr(document["certificate"]["check_at"]),
        "seal": BLANK,
    }


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, dark="#12302f")
    return out.getvalue().decode()


def _one_file(made: Any) -> bytes:
    return bytes(made)

"""The seal of a whole PDF: a signature of all its bytes, in a place of its metadata that is blank while it is made.

So a changed page is told too, not only a changed number in the JSON that the PDF holds.
"""

import base64
import re
import zlib
from typing import Final

from ledger.signing import NAME_SYMBOLS, Signature, is_signed, sign

MARK: Final = "yearturn-seal-"
SIGNATURE_SYMBOLS: Final = 128
BLANK: Final = MARK + "0" * NAME_SYMBOLS + "-" + "0" * SIGNATURE_SYMBOLS
SEAL: Final = re.compile(
    rb"yearturn-seal-([0-9a-f]{%d})-([0-9a-f]{%d})(?![0-9a-f])" % (NAME_SYMBOLS, SIGNATURE_SYMBOLS)
)
ATTACHED: Final = re.compile(rb"<<([^<>]*/Type/EmbeddedFile[^<>]*)(?:<<[^<>]*>>)?[^<>]*>>\s*stream\r?\n")
LENGTH: Final = re.compile(rb"/Length (\d{1,9})")
MOST_BYTES: Final = 4_000_000
"""Of the JSON in a PDF, unpacked."""


def seal(pdf: bytes) -> bytes:
    """Sign a PDF that was made with `BLANK` among its keywords, and put the signature there."""
    signature = sign(pdf)
    value = _hex(signature.value)
    return pdf.replace(BLANK.encode(), f"{MARK}{signature.key}-{value}".encode())


def seal_key(pdf: bytes) -> str:
    """The name of the key that sealed a PDF; empty when it has no seal."""
    found = SEAL.search(pdf)
    return found.group(1).decode() if found else ""


def is_sealed(pdf: bytes, keys: dict[str, bytes] | None = None) -> bool:
    """Whether every byte of a PDF is as it was sealed by a known key."""
    found = SEAL.search(pdf)
    if found is None:
        return False
    blank = pdf.replace(found.group(0), BLANK.encode())
    key, value = (group.decode() for group in found.groups())
    is_whole = blank.replace(BLANK.encode(), found.group(0)) == pdf
    return is_whole and is_signed(blank, Signature(key, _base64(value)), keys)


def attached_file(pdf: bytes) -> bytes | None:
    """The JSON that a PDF of ours holds; None when there is none, or it cannot be unpacked."""
    found = ATTACHED.search(pdf)
    length = LENGTH.search(found.group(1)) if found else None
    if found is None or length is None:
        return None
    packed = pdf[found.end() : found.end() + int(length.group(1))]
    if b"/FlateDecode" not in found.group(1):
        return packed
    try:
        unpacked = zlib.decompressobj().decompress(packed, MOST_BYTES)
    except zlib.error:
        return None
    return unpacked


def _hex(value: str) -> str:
    return base64.b64decode(value).hex()


def _base64(value: str) -> str:
    return base64.b64encode(bytes.fromhex(value)).decode("ascii")

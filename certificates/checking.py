"""Checking a certificate's file, JSON or PDF: no account and no database, only the public keys."""

from dataclasses import dataclass
from typing import Any, Final

from certificates.paper.sealed import attached_file, is_sealed, seal_key
from certificates.sealing import Seal, check_file

MOST_BYTES: Final = 5_000_000
"""No certificate is larger."""
NEWEST: Final = (
    "Whether it is the newest version cannot be told from a file: {address} shows the stage that was reached since."
)


@dataclass(frozen=True)
class Verdict:
    """What checking a file has come to.

    Attributes:
        is_right: whether every byte is as it was issued.
        title: the answer in a few words.
        words: what was found, one sentence each.
        document: what the file's signed part says; empty when it cannot be believed.
    """

    is_right: bool
    title: str
    words: tuple[str, ...]
    document: dict[str, Any]


def check_certificate(data: bytes, keys: dict[str, bytes] | None = None) -> Verdict:
    """Check a file.

    Args:
        keys: public keys by name; the installation's own by default.
    """
    if not data:
        return _wrong(("The file is empty.",))
    if len(data) > MOST_BYTES:
        return _wrong((f"The file has {len(data):,} bytes; no certificate has more than {MOST_BYTES:,}.",))
    return _check_pdf(data, keys) if data.startswith(b"%PDF-") else _answer(check_file(data, keys))


def _check_pdf(data: bytes, keys: dict[str, bytes] | None) -> Verdict:
    inside = attached_file(data)
    if inside is None:
        return _wrong(("This PDF holds no certificate: it was printed, saved anew, or is another document.",))
    seal = check_file(inside, keys)
    if is_sealed(data, keys):
        return _answer(seal)
    words = ["The PDF was changed after it was issued, so do not go by its pages."]
    if not seal_key(data):
        words = ["The PDF's own seal is gone: it was saved anew or changed, so do not go by its pages."]
    if seal.is_right:
        words.append("The signed data inside it is as it was signed; it is shown here.")
        return Verdict(False, "Changed", tuple(words), seal.document)
    return _wrong((*words, f"The data inside it: {seal.words}"))


def _answer(seal: Seal) -> Verdict:
    if not seal.is_right:
        return _wrong((seal.words,))
    address = seal.document["certificate"]["check_at"]
    return Verdict(True, "Genuine and unchanged", (seal.words, NEWEST.format(address=address)), seal.document)


def _wrong(words: tuple[str, ...]) -> Verdict:
    return Verdict(False, "Not a genuine certificate", words, {})

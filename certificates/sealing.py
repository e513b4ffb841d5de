"""A certificate as a file: its document, a digest of each part of it, and the signature of the digests.

The signature is made of the digests, not of the document, so that a file that was changed can be told by its part. The
file's bytes are canonical JSON (RFC 8785): any other byte, a space too, is not the file that was issued.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from certificates.models import Certificate
from ledger.signing import Signature, canonical, is_signed, sign

ALGORITHM: Final = "Ed25519"
MEMBERS: Final = {"certificate", "digests", "signature"}
PART_WORDS: Final = {
    "format": "the format",
    "certificate": "the certificate's number, version, stage or date",
    "subject": "whose data it was: district, products, school year",
    "standing": "what is said to be removed by now",
    "summary": "the summary",
    "schools": "the schools",
    "categories": "the categories and their counts",
    "exclusions": "what was left out (legal holds)",
    "export": "what became of the year's data before it",
    "policy": "the policy and its version",
    "approval": "the approvals",
    "method": "the method",
    "storage": "the storage",
    "backups": "the backups",
    "search": "the search afterwards",
    "not_restorable": "what cannot be restored",
    "undone": "the restores",
    "tables": "the tables",
    "times": "the times",
    "ledger": "the ledger's entry or root",
}


@dataclass(frozen=True)
class Seal:
    """What checking a file has found.

    Attributes:
        is_right: whether every byte is as it was signed.
        words: what is wrong, in words, or that it is right.
        document: what the file says; empty when it cannot be read.
        key: the name of the key that the file names.
    """

    is_right: bool
    words: str
    document: dict[str, Any]
    key: str = ""


def digests_of(document: dict[str, Any]) -> dict[str, str]:
    """The SHA-256 of each part's canonical JSON."""
    return {name: hashlib.sha256(canonical(part)).hexdigest() for name, part in document.items()}


def sign_document(document: dict[str, Any]) -> Signature:
    """Sign the digests of a document's parts with the installation's key."""
    return sign(canonical(digests_of(document)))


def as_file(certificate: Certificate) -> bytes:
    """The certificate's JSON file. The same bytes each time."""
    document = certificate.document
    signature = {
        "algorithm": ALGORITHM, "key": certificate.signature_key, "value": certificate.signature_value,
    }  # fmt: skip
    return canonical({"certificate": document, "digests": digests_of(document), "signature": signature})


def check_file(data: bytes, keys: dict[str, bytes] | None = None) -> Seal:
    """Check a certificate's JSON file. It asks no database.

    Args:
        keys: public keys by name; the installation's own by default.
    """
    try:
        file = json.loads(data)
    except (ValueError, RecursionError):
        return Seal(False, "This is no certificate: the file cannot be read as JSON.", {})
    if not _has_shape(file):
        return Seal(
            False, "This is no certificate of Yearturn: it lacks the certificate, its digests or signature.", {}
        )
    document, key = file["certificate"], file["signature"]["key"]
    wrong = _what_is_wrong(file, data, keys)
    return Seal(not wrong, wrong or "Every byte is as it was signed.", document, key)


def _has_shape(file: Any) -> bool:
    if (
        not isinstance(file, dict)
        or file.keys() != MEMBERS
        or not all(isinstance(each, dict) for each in file.values())
    ):
        return False
    signature = file["signature"]
    return signature.keys() == {"algorithm", "key", "value"} and all(
        isinstance(each, str) for each in signature.values()
    )


def _what_is_wrong(file: dict[str, Any], data: bytes, keys: dict[str, bytes] | None) -> str:
    """What is wrong with a file of the right shape; empty when nothing is."""
    document, digests, said = file["certificate"], file["digests"], file["signature"]
    try:
        found, sealed, whole = digests_of(document), canonical(digests), canonical(file)
    except (ValueError, RecursionError):
        return "It was changed: it holds what no certificate can say."
    signature = Signature(said["key"], said["value"])
    if not said["key"].isascii() or not said["value"].isascii() or not is_signed(sealed, signature, keys):
        changed = _changed_parts(digests, found)
        told = f" What does not fit together: {changed}." if changed else ""
        return f"The signature is not by a key that is known here, or what it signs was changed.{told}"
    if changed := _changed_parts(digests, found):
        return f"It was changed after it was signed: {changed}."
    if said["algorithm"] != ALGORITHM:
        return "It was changed after it was signed: the name of the signature's algorithm."
    if whole != data:
        return (
            "Its values are as they were signed, but the file's bytes are not: spaces, order or spelling were changed."
        )
    return ""


def _changed_parts(digests: dict[str, Any], found: dict[str, str]) -> str:
    names = [name for name in {**digests, **found} if digests.get(name) != found.get(name)]
    return ", ".join(PART_WORDS.get(name, f"a part named {name[:40]!r}") for name in sorted(names))

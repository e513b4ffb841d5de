"""Encrypting packages to a district's own public keys, with age: only the district can open them, not Yearturn."""

import datetime as dt
from pathlib import Path
from typing import Final

import pyrage
from django.db import transaction
from django_tenants.utils import schema_context

from ledger.services import append_entry
from reports.packages.errors import PackageError
from reports.packages.models import PackageKey
from tenants.locks import Lock, take_lock
from tenants.models import District

AGE: Final = "age1"
SSH: Final = ("ssh-ed25519", "ssh-rsa")
MOST: Final = 20
NOT_YOURS_TO_GIVE: Final = (
    "This is a secret key. Nobody but you may have it: keep it, and paste the public key that belongs to it. If others "
    "could have seen it here, make a new one."
)
UNKNOWN: Final = (
    "This is no public key that age takes. Paste one that begins with age1 (from age-keygen), or an SSH public key, "
    "which begins with ssh-ed25519 or ssh-rsa."
)
MISTYPED: Final = (
    "This key is not complete, or a letter of it is wrong. Copy it once more, from its first letter to its last."
)


def recipient_of(text: str) -> str:
    """A public key as it is kept: without a comment, which may name a person.

    Raises:
        PackageError: it is no public key; the message says what it is, and what to paste.
    """
    said = text.strip()
    if "SECRET-KEY" in said.upper() or "PRIVATE KEY" in said.upper():
        raise PackageError(NOT_YOURS_TO_GIVE)
    words = said.split()
    if len(words) == 1 and said.lower().startswith(AGE):
        kept = said.lower()
    elif len(words) >= 2 and words[0] in SSH:
        kept = f"{words[0]} {words[1]}"
    else:
        raise PackageError(UNKNOWN)
    try:
        _parsed(kept)
    except pyrage.RecipientError:
        raise PackageError(MISTYPED) from None
    return kept


def add_key(district: District, text: str, *, actor: str, at: dt.datetime) -> PackageKey:
    """Have packages of a district encrypted to a public key from now on; one that is there already stays.

    Raises:
        PackageError: it is no public key, or there are too many.
    """
    recipient = recipient_of(text)
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        keys = PackageKey.objects.filter(district=district)
        if found := keys.filter(recipient=recipient).first():
            return found
        if keys.count() >= MOST:
            raise PackageError(f"There are {MOST} keys: remove one that is not used any more.")
        key = PackageKey.objects.create(district=district, recipient=recipient, added_by=actor, added_at=at)
        append_entry(district.pk, "package_key_added", actor=actor, at=at, facts={"key": key.pk})
    return key


def remove_key(district: District, key: int, *, actor: str, at: dt.datetime) -> None:
    """Have no more packages encrypted to a key; those that are keep opening with it."""
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        gone, _ = PackageKey.objects.filter(district=district, pk=key).delete()
        if gone:
            append_entry(district.pk, "package_key_removed", actor=actor, at=at, facts={"key": key})


def keys_of(district: District) -> list[PackageKey]:
    """The keys of a district, the oldest first."""
    with schema_context("public"):
        return list(PackageKey.objects.filter(district=district))


def seal(plain: Path, sealed: Path, recipients: list[str]) -> None:
    """Encrypt a file to all of the keys, a part at a time: any one of them opens it."""
    with plain.open("rb") as source, sealed.open("wb") as out:
        pyrage.encrypt_io(source, out, [_parsed(each) for each in recipients])


def _parsed(recipient: str) -> object:
    kind = pyrage.x25519 if recipient.startswith(AGE) else pyrage.ssh
    return kind.Recipient.from_str(recipient)

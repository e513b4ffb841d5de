"""Whose key may leave bundles in which district's folder. The account's name is the district's slug."""

import datetime as dt
from collections.abc import Callable
from typing import Final

import asyncssh
from django.db import transaction

from ledger.services import append_entry
from rostering.errors import RosterError
from rostering.models import SftpKey
from tenants.models import District
from tenants.schema import enter_district

MOST_KEYS: Final = 20
ALGORITHMS: Final = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
SMALLEST_RSA: Final = 2048
PRIVATE: Final = (
    "This is a private key. Nobody but its owner may have it: keep it, and paste the public key that belongs to it. If "
    "others could have seen it here, make a new one."
)
UNKNOWN: Final = (
    "This is no SSH public key. Paste one that begins with ssh-ed25519, ecdsa-sha2-nistp or ssh-rsa, all on one line."
)


class SftpKeyError(RosterError):
    """The key was not added; the message says why."""

    def __init__(self, message: str, *, is_private: bool = False) -> None:
        super().__init__(message)
        self.is_private = is_private


def parsed_key(text: str) -> tuple[str, str]:
    """A public key as it is kept, without its comment, which may name a person; and its fingerprint.

    Raises:
        SftpKeyError: it is no public key, or too weak a one.
    """
    if "PRIVATE KEY" in text.upper():
        raise SftpKeyError(PRIVATE, is_private=True)
    words = text.split()
    if len(words) < 2 or words[0] not in ALGORITHMS:
        raise SftpKeyError(UNKNOWN)
    try:
        key = asyncssh.import_public_key(f"{words[0]} {words[1]}")
    except (asyncssh.KeyImportError, ValueError):
        raise SftpKeyError("This key is not complete, or a letter of it is wrong. Copy it once more.") from None
    if getattr(key.pyca_key, "key_size", SMALLEST_RSA) < SMALLEST_RSA and words[0] == "ssh-rsa":
        raise SftpKeyError(f"This RSA key is too short. Make one of {SMALLEST_RSA} bits or more, or an ed25519 key.")
    return _kept(key), key.get_fingerprint()


def add_key(district: District, text: str, *, actor: str, at: dt.datetime) -> SftpKey:
    """Let a public key leave bundles in the entered district's folder; one that is there already stays.

    Raises:
        SftpKeyError: it is no public key, or there are too many.
    """
    public_key, fingerprint = parsed_key(text)
    with transaction.atomic():
        if found := SftpKey.objects.filter(public_key=public_key).first():
            return found
        if SftpKey.objects.count() >= MOST_KEYS:
            raise SftpKeyError(f"There are {MOST_KEYS} keys: remove one that is not used any more.")
        key = SftpKey.objects.create(public_key=public_key, fingerprint=fingerprint, added_by=actor, added_at=at)
        append_entry(district.pk, "sftp_key_added", actor=actor, at=at, facts={"key": key.pk})
    return key


def remove_key(district: District, key: int, *, actor: str, at: dt.datetime) -> None:
    """Let a key leave no more bundles."""
    with transaction.atomic():
        gone, _ = SftpKey.objects.filter(pk=key).delete()
        if gone:
            append_entry(district.pk, "sftp_key_removed", actor=actor, at=at, facts={"key": key})


def keys_of() -> list[SftpKey]:
    """The keys of the entered district, the oldest first."""
    return list(SftpKey.objects.all())


def is_allowed(account: str, key: asyncssh.SSHKey) -> bool:
    """Whether a key may open an account."""
    district = District.objects.filter(slug=account, removed_at=None).first()
    if district is None:
        return False
    with enter_district(district):
        return SftpKey.objects.filter(public_key=_kept(key)).exists()


def note_use(account: str, fingerprint: str, at: Callable[[], dt.datetime]) -> None:
    """Note that a key has opened an account."""
    district = District.objects.filter(slug=account, removed_at=None).first()
    if district is not None:
        with enter_district(district):
            SftpKey.objects.filter(fingerprint=fingerprint).update(last_used_at=at())


def _kept(key: asyncssh.SSHKey) -> str:
    return " ".join(key.export_public_key().decode().split()[:2])

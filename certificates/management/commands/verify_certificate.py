"""`verify_certificate`: checks a certificate's JSON or PDF. It needs no database, no account and no network."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates.checking import MOST_BYTES, check_certificate
from certificates.summaries import summary_lines
from ledger.signing import key_name


class Command(BaseCommand):
    """Says in words what is right or wrong. It ends with status 0 when every byte is as it was issued, else 1."""

    help = "Check a certificate of data disposition (JSON or PDF): no database, no account, no network."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and a key to believe instead of the installation's own."""
        parser.add_argument("file", type=Path, help="The certificate as it was downloaded.")
        parser.add_argument(
            "--key", type=Path, help="A public key (PEM) to believe instead of this installation's own keys."
        )

    def handle(self, *args: Any, file: Path, key: Path | None, **options: Any) -> None:
        """Check it.

        Raises:
            CommandError: the file is not as it was issued, or cannot be read.
        """
        verdict = check_certificate(_read(file), _keys_of(key) if key else None)
        lines = [verdict.title, *verdict.words, *summary_lines(verdict.document)]
        if not verdict.is_right:
            raise CommandError("\n".join(lines), returncode=1)
        self.stdout.write("\n".join(lines))


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}. Give the path of a certificate.") from None


def _keys_of(path: Path) -> dict[str, bytes]:
    try:
        key = load_pem_public_key(_read(path))
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise CommandError(f"{path} is no Ed25519 public key in PEM: download it from /certificates/keys.pem.")
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {key_name(raw): raw}

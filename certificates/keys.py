"""The installation's public keys as others read them."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.signing import public_keys


def as_pem() -> str:
    """Every key that counts, named in a line above it; the one that signs now comes first."""
    lines = []
    for name, raw in public_keys().items():
        pem = Ed25519PublicKey.from_public_bytes(raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        lines.append(f"Key {name}\n{pem.decode('ascii')}")
    return "\n".join(lines)

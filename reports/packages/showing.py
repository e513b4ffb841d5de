"""How packages are shown: states, sizes and what stands in the way, in words."""

from typing import Final

from accounts.pages import Chip
from reports.packages.models import GoneReason, Package, PackageState

CHIPS: Final = {
    PackageState.WAITING: Chip("Waits for a worker", "warn", "1"),
    PackageState.BUILDING: Chip("Being built", "warn", "2"),
    PackageState.READY: Chip("Ready: built and checked", "good", "✓"),
    PackageState.FAILED: Chip("Not built", "bad", "!"),
    PackageState.GONE: Chip("Destroyed", "", "○"),
}
REASONS: Final = {
    GoneReason.EXPIRED: "its days were over",
    GoneReason.REPLACED: "a newer package of the same year took its place",
    GoneReason.ASKED: "a district admin destroyed it",
    GoneReason.ERASED: "somebody whose data was in it was destroyed or anonymized since",
    GoneReason.DISTRICT: "the district was removed",
}


def chip_of(package: Package) -> Chip:
    """A package's state."""
    return CHIPS[PackageState(package.state)]


def reason_words(package: Package) -> str:
    """Why a package is gone; empty while it is not."""
    return REASONS[GoneReason(package.gone_reason)] if package.gone_reason else ""


def sealed_words(recipient: str) -> str:
    """A public key in short: its beginning and its end.

    >>> sealed_words("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
    'age1ql3z7h…aqmcac8p'
    """
    return recipient if len(recipient) <= 24 else f"{recipient[:10]}…{recipient[-8:]}"

"""The closed list of what other programs are told. A new type is a new line here, with an example of its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

RESET_SCHEDULED: Final = "reset.scheduled"
RESET_CHANGED: Final = "reset.changed"
RESET_WARNED: Final = "reset.warned"
RESET_STARTED: Final = "reset.started"
RESET_VERIFIED: Final = "reset.verified"
RESET_FAILED: Final = "reset.failed"
CERTIFICATE_ISSUED: Final = "certificate.issued"
TRANSFER_REDEEMED: Final = "transfer.redeemed"
TRANSFER_IMPORTED: Final = "transfer.imported"
ROSTER_SYNCED: Final = "roster.synced"
ROSTER_HELD_BACK: Final = "roster.held_back"
STUDENTS_ANONYMIZED: Final = "students.anonymized"
WEBHOOK_TEST: Final = "webhook.test"
"""Only to the endpoint that it tests; nobody chooses it."""


@dataclass(frozen=True)
class EventType:
    """What a type says, and the facts of one such event as an example."""

    words: str
    example: Mapping[str, Any]


_KEY: Final = "0f8fad5b-d9cb-469f-a165-70867728950e"
_RESET: Final = {"suite": "literacy", "school_year": 2026}
_RUN: Final = {"run": _KEY, **_RESET, "on": "2026-07-14"}

TYPES: Final[Mapping[str, EventType]] = {
    RESET_SCHEDULED: EventType("A reset has its first date", {**_RESET, "on": "2026-07-28"}),
    RESET_CHANGED: EventType("A reset has another date", {**_RESET, "on": "2026-07-14", "before": "2026-07-28"}),
    RESET_WARNED: EventType("The district was written to about a reset", {**_RESET, "letter": "before_14"}),
    RESET_STARTED: EventType("A reset has begun", _RUN),
    RESET_VERIFIED: EventType("A reset is done and was verified", _RUN),
    RESET_FAILED: EventType("A reset has failed; nothing was changed", _RUN),
    CERTIFICATE_ISSUED: EventType(
        "A certificate, or a new version of one, was issued",
        {"certificate": _KEY, "version": 2, "stage": "storage_rewritten", "ledger_entry": 41},
    ),
    TRANSFER_REDEEMED: EventType("A code for students of another district was redeemed", {
        "import": _KEY, "code": _KEY, "students": 12, "source_district": 7,
    }),
    TRANSFER_IMPORTED: EventType("Students of another district were imported", {
        "import": _KEY, "students": 12, "imported": 11,
    }),
    ROSTER_SYNCED: EventType("A roster was applied", {"sync": _KEY, "school_year": 2026, "held_back": 0}),
    ROSTER_HELD_BACK: EventType("Removals of a roster wait for somebody to release them", {
        "sync": _KEY, "school_year": 2026, "held_back": 240,
    }),
    STUDENTS_ANONYMIZED: EventType("Students were anonymized", {**_RESET, "students": 318, "ledger_entry": 52}),
    WEBHOOK_TEST: EventType("Somebody pressed the button for a test", {"endpoint": 3}),
}  # fmt: skip
CHOSEN: Final = tuple(name for name in TYPES if name != WEBHOOK_TEST)
"""What an endpoint may ask for, in the order in which pages show it."""

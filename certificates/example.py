"""An example of a certificate, of a district that does not exist: for the documentation, and for looking at it."""

import datetime as dt
from typing import Any, Final

from certificates.document.build import Around, Version, build_document
from certificates.models import Certificate
from certificates.progress import Progress
from certificates.sealing import sign_document
from certificates.stages import Stage
from ledger.models import LedgerEntry
from tenants.models import District

NUMBER: Final = "7K3M-9QXW-2B5D"
SCHOOLS: Final = {1: "Elm Street Elementary", 2: "Lincoln Middle School", 3: "Maple Grove High School"}
COUNTS: Final = ("before", "retained", "archived", "deleted", "changed", "anonymized")
CATEGORIES: Final[dict[str, tuple[int, ...]]] = {
    "student_accounts": (2412, 2412, 0, 0, 0, 0),
    "booster_bits": (2187, 0, 0, 0, 2187, 0),
    "avatars": (6034, 0, 0, 6034, 0, 0),
    "benchmarks": (7120, 11, 7109, 0, 0, 0),
    "placements": (2398, 2398, 0, 0, 0, 0),
    "progress": (418_377, 416_902, 0, 1475, 0, 0),
    "usage": (96_233, 0, 96_233, 0, 0, 0),
    "action_areas": (5208, 3961, 0, 0, 1247, 0),
    "portfolio": (1954, 1954, 0, 0, 0, 0),
    "playlists": (2840, 212, 0, 0, 2628, 0),
    "groups": (388, 0, 388, 0, 0, 0),
    "educator_accounts": (164, 164, 0, 0, 0, 0),
    "organizations": (4, 4, 0, 0, 0, 0),
}
ROOT: Final = "c0b1e7f4a95d3f7c2e86a1d04b9f5c3817e2d6a40f9b8c75d1e3a2f6b4c80d97"
DONE_AT: Final = dt.datetime(2026, 7, 28, 7, 4, 31, tzinfo=dt.UTC)
REWRITTEN_AT: Final = dt.datetime(2026, 7, 29, 6, 12, 8, tzinfo=dt.UTC)
FACTS: Final[dict[str, Any]] = {
    "suite": "literacy",
    "school_year": 2026,
    "on": "2026-07-28",
    "policy": "2023.1",
    "schools": [1, 2, 3],
    "categories": {code: dict(zip(COUNTS, rows, strict=True)) for code, rows in CATEGORIES.items()},
    "tables": {
        "literacy_avatar": {"deleted": 1507, "updated": 0},
        "literacy_avataraccessory": {"deleted": 4527, "updated": 0},
        "literacy_playlistassignment": {"deleted": 2628, "updated": 0},
        "literacy_reward": {"deleted": 0, "updated": 2187},
    },
    "exclusions": [{"hold": 3, "scope": "student", "ground": "records_request", "students": 1, "rows": 29}],
    "approval": None,
    "approvers": [],
}


def example_certificate(stage: Stage = Stage.STORAGE_REWRITTEN, facts: dict[str, Any] | None = None) -> Certificate:
    """A certificate that is in no database, signed with the installation's key."""
    district = District(pk=17, slug="maple-grove", name="Maple Grove Schools", nces_id="2711250")
    district.time_zone = "America/Chicago"
    entry = LedgerEntry(
        district_id=17, number=214, kind="reset", actor="system:planner", at=DONE_AT, facts={**FACTS, **(facts or {})}
    )
    done = stage is not Stage.ROWS_DELETED
    version = Version(
        id="5b0c4f7e-4d1e-4a53-9c0b-2f6f8f1d7a10",
        number=NUMBER,
        version=2,
        supersedes="0f6a3c55-9c6e-4f0d-8a63-1b7e2f4c9d21",
        stage=stage,
        issued_at=REWRITTEN_AT,
        progress=Progress(3, 3 if done else 0, 0, False, (), aged_out=stage is Stage.FINAL),
        backups_until=dt.date(2026, 9, 2) if done else None,
        rewritten_at=REWRITTEN_AT if done else None,
    )
    document = build_document(entry, district, version, Around(dict(SCHOOLS), ROOT))
    document["certificate"]["check_at"] = f"https://yearturn.example/certificates/check/{NUMBER}/"
    signature = sign_document(document)
    return Certificate(
        id=version.id,
        number=NUMBER,
        version=2,
        district_id=17,
        ledger_number=214,
        kind="reset",
        suite="literacy",
        school_year=2026,
        stage=stage,
        document=document,
        signature_key=signature.key,
        signature_value=signature.value,
        issued_at=REWRITTEN_AT,
    )

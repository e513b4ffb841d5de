"""The closed list of what a program can be allowed, with the words in which a page offers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

ONEROSTER_12: Final = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
ONEROSTER_11: Final = "https://purl.imsglobal.org/spec/or/v1p1/scope/"


@dataclass(frozen=True)
class ScopeArea:
    """Scopes that belong together on the page.

    Attributes:
        scopes: each scope's name with the words for it.
    """

    title: str
    scopes: Mapping[str, str]


AREAS: Final[tuple[ScopeArea, ...]] = (
    ScopeArea(
        "Yearturn: looking",
        {
            "yearturn.districts.read": "Which districts there are, and how each stands (for vendors)",
            "yearturn.roster.read": "Schools and students, with their names",
            "yearturn.products.read": "Products and subscriptions",
            "yearturn.schedules.read": "Reset dates, and when resets can be",
            "yearturn.resets.read": "Previews, runs and their counts",
            "yearturn.records.read": "Certificates, the ledger's heads, which years are archived",
            "yearturn.transfers.read": "Transfer codes and imports, with the names of the students who come",
            "yearturn.reports.read": "Year packages: states, and downloading them with all data in them",
            "yearturn.holds.read": "Legal holds",
            "yearturn.requests.read": "Requests to export or destroy data",
            "yearturn.syncs.read": "Roster syncs, and the changes that are held back",
        },
    ),
    ScopeArea(
        "Yearturn: doing",
        {
            "yearturn.schedules.write": "Agree to a reset date, or ask for another",
            "yearturn.transfers.write": "Make and revoke transfer codes; redeem, decide and import",
            "yearturn.reports.write": "Have year packages built",
            "yearturn.holds.write": "Place and lift legal holds",
            "yearturn.requests.write": "Ask for an export or a destruction (people still approve it)",
            "yearturn.syncs.write": "Release or drop changes that are held back",
        },
    ),
    ScopeArea(
        "OneRoster 1.2",
        {
            f"{ONEROSTER_12}roster-core.readonly": "Schools, classes, enrollments and people, without demographics",
            f"{ONEROSTER_12}roster.readonly": "Everything of the roster, without demographics",
            f"{ONEROSTER_12}roster-demographics.readonly": "Demographics",
            f"{ONEROSTER_12}gradebook-core.readonly": "Line items, categories and results, the core of them",
            f"{ONEROSTER_12}gradebook.readonly": "Line items, categories and results",
            f"{ONEROSTER_12}gradebook.createput": "Write line items, categories and results under their own keys",
            f"{ONEROSTER_12}gradebook.createpost": "Add line items and results",
            f"{ONEROSTER_12}gradebook.delete": "Delete line items, categories and results",
        },
    ),
    ScopeArea(
        "OneRoster 1.1",
        {
            f"{ONEROSTER_11}roster-core.readonly": "The core of the roster, for programs that speak 1.1",
            f"{ONEROSTER_11}roster.readonly": "The roster, for programs that speak 1.1",
            f"{ONEROSTER_11}roster-demographics.readonly": "Demographics, for programs that speak 1.1",
        },
    ),
)

SCOPES: Final[Mapping[str, str]] = {name: words for area in AREAS for name, words in area.scopes.items()}
"""Every scope with its words."""

VENDOR_ONLY: Final = frozenset({"yearturn.districts.read"})
"""What a district's own client has no use for."""


def known_scopes(asked: Iterable[str]) -> list[str]:
    """Those of some scopes that exist, once each, in the list's order."""
    wanted = set(asked)
    return [name for name in SCOPES if name in wanted]

"""Trying the connection: what a pull would read, in counts, without reading it."""

from dataclasses import dataclass
from typing import Final

from rostering.models import RosterProvider
from rostering.provider.client import LARGEST_ANSWER, ProviderClient
from rostering.provider.errors import NotOfferedError, ProviderError
from rostering.provider.records import COLLECTIONS
from tenants.outbound import Outbound
from tenants.sealing import SealBrokenError, open_secret

SECONDS: Final = 8
LABELS: Final = {
    "orgs": "Districts, schools and other orgs",
    "academicSessions": "Academic sessions",
    "courses": "Courses",
    "classes": "Classes",
    "users": "Users",
    "enrollments": "Enrollments",
    "demographics": "Demographics",
}


@dataclass(frozen=True)
class Tried:
    """What the provider says of one collection: how many, or nothing, or why there is none."""

    label: str
    count: int | None
    problem: str


def try_connection(provider: RosterProvider) -> list[Tried]:
    """Ask for one record of each collection.

    Raises:
        ProviderError: nothing can be read; the message says why.
    """
    found = []
    with Outbound(seconds=SECONDS, max_bytes=LARGEST_ANSWER) as calls:
        try:
            client = ProviderClient(provider, open_secret(provider.sealed_secret), calls, tries=1)
        except SealBrokenError as error:
            raise ProviderError(str(error)) from None
        for collection in sorted(COLLECTIONS, key=list(LABELS).index):
            try:
                page = client.page(collection, offset=0, limit=1, since=None)
            except NotOfferedError as error:
                found.append(Tried(LABELS[collection], None, str(error)))
            else:
                found.append(Tried(LABELS[collection], page.total, ""))
    return found

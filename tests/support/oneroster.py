"""A OneRoster provider of the test's own, over real HTTP: what a bundle's rows say, as the REST binding says it."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.rostering.bundles import BundleBuilder, Row
from tests.support.answering import Asked, Reply, Served, answering

CLIENT, SECRET = "yearturn", "s3cret:+&%"
LONG_AGO = "2025-08-01T00:00:00.000Z"
REFERENCES = {
    "parentSourcedId": "parent",
    "schoolYearSourcedId": "schoolYear",
    "orgSourcedId": "org",
    "courseSourcedId": "course",
    "schoolSourcedId": "school",
    "classSourcedId": "class",
    "userSourcedId": "user",
    "primaryOrgSourcedId": "primaryOrg",
}
LISTS = {"termSourcedIds": "terms", "orgSourcedIds": "orgs", "agentSourcedIds": "agents"}
Fault = Callable[[Asked], Reply | None]


class Provider:
    """What it has, by collection, and how it misbehaves.

    Attributes:
        faults: asked first, in order; the first that answers wins.
        largest: pages have so many records at most, whatever is asked for.
    """

    def __init__(self, bundle: BundleBuilder) -> None:
        self.version, self.faults, self.largest, self.tokens = bundle.version, list[Fault](), 7, 0
        self.collections: dict[str, list[dict[str, Any]]] = {
            name: [_object(row) for row in rows] for name, rows in bundle.rows.items() if name != "roles"
        }
        for role in bundle.rows.get("roles", []):
            user = self.of("users", role["userSourcedId"])
            given = {"roleType": role["roleType"], "role": role["role"], "org": _reference(role["orgSourcedId"])}
            user.setdefault("roles", []).append(given)

    def of(self, collection: str, key: str) -> dict[str, Any]:
        """A record by its key."""
        return next(each for each in self.collections[collection] if each["sourcedId"] == key)

    def change(self, collection: str, key: str, **values: Any) -> None:
        """Change a record now."""
        self.of(collection, key).update(values, dateLastModified=now())

    def answer(self, asked: Asked) -> Reply:
        """As the specification says, unless a fault comes first."""
        for fault in self.faults:
            if (reply := fault(asked)) is not None:
                return reply
        parts = urlsplit(asked.path)
        if parts.path == "/token":
            self.tokens += 1
            return _json({"access_token": f"token-{self.tokens}", "token_type": "bearer", "expires_in": 3600})
        if asked.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return _json({"imsx_codeMajor": "failure"}, 401)
        return self._collection(parts.path.rpartition("/")[2], {k: v[0] for k, v in parse_qs(parts.query).items()})

    def _collection(self, name: str, query: dict[str, str]) -> Reply:
        if name not in self.collections:
            return _json({"imsx_codeMajor": "failure"}, 404)
        found = sorted(self.collections[name], key=lambda each: each["sourcedId"])
        if since := re.fullmatch(r"dateLastModified>='(.*)'", query.get("filter", "")):
            found = [each for each in found if each["dateLastModified"] >= since[1]]
        offset, limit = int(query.get("offset", 0)), min(int(query.get("limit", 100)), self.largest)
        return _json({name: found[offset : offset + limit]}, total=len(found))


@contextmanager
def provided(bundle: BundleBuilder) -> Iterator[tuple[Provider, Served]]:
    """A provider that has what a bundle says, and its server."""
    provider = Provider(bundle)
    with answering(provider.answer) as served:
        yield provider, served


def now() -> str:
    """The moment as OneRoster writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def for_path(end: str, *replies: Reply) -> Fault:
    """A fault of one path: these answers, one after the other, and then none."""
    left = list(replies)
    return lambda asked: left.pop(0) if left and urlsplit(asked.path).path.endswith(end) else None


def _json(said: Any, status: int = 200, total: int | None = None) -> Reply:
    headers = {"Content-Type": "application/json"}
    if total is not None:
        headers["X-Total-Count"] = str(total)
    return Reply(status, json.dumps(said).encode(), headers)


def _reference(key: str) -> dict[str, str]:
    return {"href": f"https://sis.example.org/{key}", "sourcedId": key, "type": "any"}


def _object(row: Row) -> dict[str, Any]:
    said: dict[str, Any] = {"status": "active", "dateLastModified": LONG_AGO}
    for name, value in row.items():
        if name in LISTS:
            said[LISTS[name]] = [_reference(key) for key in value.split(",") if key]
        elif name in REFERENCES:
            said[REFERENCES[name]] = _reference(value)
        elif name == "grades":
            said[name] = value.split(",") if value else []
        elif name == "preferredGivenName":
            said["preferredFirstName"] = value
        else:
            said[name] = value
    return said

"""From a provider to a bundle on disk: a folder of CSV files like any other, whole or of what has changed.

What has been read is kept: a worker that dies is followed by one that goes on with the next collection.
"""

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from rostering.models import EducatorRole, ParentOrg
from rostering.oneroster.bundle import MANIFEST
from rostering.oneroster.columns import NEW, FileSpec
from rostering.oneroster.manifest import ABSENT, BULK, DELTA
from rostering.oneroster.specs import BY_NAME, files_of
from rostering.provider.client import ProviderClient, moment
from rostering.provider.errors import NotOfferedError, ProviderError, UnevenError
from rostering.provider.reading import read_collection
from rostering.provider.records import COLLECTIONS, NEEDED, ROLE_KEY, Record, is_leaving, role_rows, row_of

STATE: Final = "reading.json"
MAY_BE_MISSING: Final = ("demographics", "courses")
"""Collections for which a client may have no right; what the roster has of them stays as it is."""
WORN_OUT: Final = dt.timedelta(hours=6)
"""A reading that was begun so long ago is begun anew."""


@dataclass
class Reading:
    """How far a reading is. `rows` has the number of rows of each file that is complete.

    Attributes:
        since: of a reading of changes, from when on; None for a whole one.
        begun: when it began, on the provider's clock: changes from then on are the next reading's.
    """

    version: str
    since: str | None
    begun: str
    missing: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything is read, not only changes."""
        return self.since is None


def fetch_bundle(client: ProviderClient, folder: Path, bundle: Path, *, since: dt.datetime | None) -> Reading:
    """Read what a provider has into a bundle; one that was begun in the same folder is gone on with.

    Args:
        folder: where the reading keeps its own files.
        bundle: the folder that becomes the bundle; its manifest is written last.
        since: only what has changed since; None for everything.

    Raises:
        ProviderError: the provider does not answer, or not so that it can be used. The bundle is no bundle then.
    """
    bundle.mkdir(parents=True, exist_ok=True)
    version = client.account.version
    reading = _begun(folder, version, since) or _begin(client, version, since)
    for collection in COLLECTIONS:
        if collection in reading.rows or collection in reading.missing:
            continue
        try:
            _fetch_twice(client, collection, folder, bundle, reading)
        except NotOfferedError:
            if collection not in MAY_BE_MISSING:
                raise
            reading.missing.append(collection)
        (folder / STATE).write_text(json.dumps(asdict(reading)))
    if reading.is_whole and (empty := [name for name in NEEDED if not reading.rows.get(name)]):
        raise ProviderError(f"The provider gave no {' and no '.join(empty)}: that is no roster.")
    (bundle / MANIFEST).write_text(_manifest(reading))
    return reading


def _begun(folder: Path, version: str, since: dt.datetime | None) -> Reading | None:
    """The reading that was begun here, if it is of the same kind and still young."""
    try:
        found = Reading(**json.loads((folder / STATE).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    young = dt.datetime.now(dt.UTC) - dt.datetime.fromtimestamp((folder / STATE).stat().st_mtime, dt.UTC) < WORN_OUT
    same = found.version == version and found.since == (moment(since) if since else None)
    return found if young and same else None


def _begin(client: ProviderClient, version: str, since: dt.datetime | None) -> Reading:
    """Ask the provider for its own time before anything else: what changes later is the next reading's."""
    first = client.page("orgs", offset=0, limit=1, since=None)
    begun = first.at or dt.datetime.now(dt.UTC)
    return Reading(version, moment(since) if since else None, moment(begun))


def _fetch_twice(client: ProviderClient, collection: str, folder: Path, bundle: Path, reading: Reading) -> None:
    """A collection; once more from its beginning when its pages did not fit together, for it may have just changed."""
    try:
        _fetch(client, collection, folder, bundle, reading)
    except UnevenError:
        _fetch(client, collection, folder, bundle, reading)


def _fetch(client: ProviderClient, collection: str, folder: Path, bundle: Path, reading: Reading) -> None:
    since = dt.datetime.fromisoformat(reading.since) if reading.since else None
    specs = [BY_NAME[collection]]
    if collection == "users" and reading.version == NEW[0]:
        specs.append(BY_NAME["roles"])
    rows = dict.fromkeys((spec.name for spec in specs), 0)
    with ExitStack() as stack:
        files = {spec.name: stack.enter_context(_begin_file(folder, spec)) for spec in specs}
        writers = {name: csv.writer(file, lineterminator="\n") for name, file in files.items()}
        for spec in specs:
            writers[spec.name].writerow([column.name for column in spec.of(reading.version)])
        for page in read_collection(client, collection, since=since, scratch=folder):
            for name, lines in _lines(page.records, specs, reading):
                rows[name] += len(lines)
                writers[name].writerows(lines)
    for spec in specs:
        if rows[spec.name]:
            _part(folder, spec).replace(bundle / spec.file)
        else:
            _part(folder, spec).unlink()
            (bundle / spec.file).unlink(missing_ok=True)
    reading.rows |= rows


def _lines(
    records: list[dict[str, Any]], specs: list[FileSpec], reading: Reading
) -> Iterator[tuple[str, list[list[str]]]]:
    """The rows that a page of records is in each of its files. In a whole reading nobody is who is to be deleted."""
    whole = reading.is_whole
    kept = [record for record in records if not (whole and is_leaving(record))]
    yield specs[0].name, [row_of(record, specs[0], reading.version, whole=whole) for record in kept]
    if len(specs) > 1:
        roles = [row for record in kept if not is_leaving(record) for row in role_rows(record, whole=whole)]
        yield specs[1].name, roles if whole else [*roles, *_ended_roles(kept, roles, specs[1])]


def _ended_roles(users: Iterable[Record], roles: list[list[str]], spec: FileSpec) -> list[list[str]]:
    """Rows that end the roles which changed users had and do not have any more: the REST binding has no such mark."""
    given = {row[0] for row in roles}
    changed = {str(user["sourcedId"]): str(user.get("dateLastModified") or "") for user in users}
    known = EducatorRole.objects.filter(
        is_active=True, educator__identity__sourced_id__in=changed, sourced_id__startswith=ROLE_KEY
    ).exclude(sourced_id__in=given)
    wanted = ("sourced_id", "role", "is_primary", "educator__identity__sourced_id", "school__sourced_id")
    return [
        row_of(
            {
                "sourcedId": key,
                "status": "tobedeleted",
                "dateLastModified": changed[user],
                "user": user,
                "roleType": "primary" if is_primary else "secondary",
                "role": role,
                "org": school or _some_org(),
            },
            spec,
            NEW[0],
            whole=False,
        )
        for key, role, is_primary, user, school in known.values_list(*wanted)
    ]


def _some_org() -> str:
    """The org of a role that is at no school: the roster keeps none of it, but the file must name one."""
    return ParentOrg.objects.values_list("sourced_id", flat=True).first() or ""


def _begin_file(folder: Path, spec: FileSpec) -> IO[str]:
    return _part(folder, spec).open("w", newline="", encoding="utf-8")


def _part(folder: Path, spec: FileSpec) -> Path:
    return folder / f"{spec.name}.part"


def _manifest(reading: Reading) -> str:
    mode = BULK if reading.is_whole else DELTA
    lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{reading.version}"]
    lines += [
        f"file.{spec.name},{mode if reading.rows.get(spec.name) else ABSENT}" for spec in files_of(reading.version)
    ]
    return "\n".join(lines) + "\n"

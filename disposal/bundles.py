"""Files that hold many people, the erased among them: kept roster bundles, and exports of the whole district.

What is to go is told in the erasing transaction, under the district's lock, and removed after its commit.

- **Destroyed**: files are looked through for the student. An upload that waits to be imported is not imported any more.
  Of the drop folder the bundles that are older than one of these go too: the next night must not take an older roster
  for the newest.
- **Anonymized**: an export of the whole district was made while they had names, and an old roster names them. So those
  exports go, and of the drop folder every bundle but the newest, which is what the district says now. Whoever stands in
  it, or in an upload that waits, comes back as somebody new.
"""

import datetime as dt
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from psycopg import sql

from disposal.requests.models import DisposalRequest
from resets.engine.followups import enqueue_file_removal
from rostering.services.nightly import drop_folder, newest_bundle
from rostering.uploads import withdraw_upload
from sweeps.finder import Finder
from sweeps.places import files_below, search_file
from sweeps.samples import read_samples
from sweeps.services import Samples
from sweeps.tables import Found
from tenants.models import District
from tenants.schema import current_schema

UPLOADS: Final = "uploads"
EXPORTS: Final = "exports"


def remove_bundles(district: District, table: str, samples: Samples, at: dt.datetime) -> int:
    """Have the entered district's kept bundles removed that hold somebody of the samples, in the caller's transaction.

    Args:
        table: a name for the table that keeps the files' names until they are removed.

    Returns:
        how many files.
    """
    finder = Finder(read_samples(current_schema(), samples.table))
    root = Path(settings.MEDIA_ROOT) / current_schema()
    uploads = [path.relative_to(root) for path in files_below(root / UPLOADS) if holds_anybody(path, finder)]
    exports = [path.relative_to(root) for path in files_below(root / EXPORTS) if holds_anybody(path, finder)]
    for upload in uploads:
        withdraw_upload(district, upload.parts[1])
    DisposalRequest.objects.filter(file__in=[str(name) for name in exports]).update(file="")
    return _remove(district, table, [*uploads, *exports, *_dropped(drop_folder(district), finder)], at)


def remove_superseded(district: District, table: str, at: dt.datetime) -> int:
    """Have the files removed that may name whoever has just been anonymized in the entered district.

    Args:
        table: a name for the table that keeps the files' names until they are removed.

    Returns:
        how many files.
    """
    exports = DisposalRequest.objects.filter(student=None).exclude(file="")
    names = [Path(name) for name in exports.values_list("file", flat=True)]
    exports.update(file="")
    folder = drop_folder(district)
    newest = newest_bundle(folder)
    since = newest.stat().st_mtime if newest else 0.0
    names += [path.resolve() for path in files_below(folder) if path.stat().st_mtime < since]
    return _remove(district, table, names, at)


def _remove(district: District, table: str, names: list[Path], at: dt.datetime) -> int:
    if names:
        kept, files = sql.Identifier(current_schema(), table), sql.Literal([str(name) for name in names])
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE TABLE {} AS SELECT unnest({}::text[]) AS file").format(kept, files))
        enqueue_file_removal(district, table, at)
    return len(names)


def holds_anybody(path: Path, finder: Finder) -> bool:
    """Whether a file, or one inside of it, has somebody's samples; what cannot be read may have."""
    found = Found()
    try:
        with path.open("rb") as opened:
            search_file(opened, finder, found, "bundle", path.name)
    except OSError:
        return True
    return bool(found.hits["bundle"] or found.unreached)


def _dropped(folder: Path, finder: Finder) -> list[Path]:
    """The bundles of the drop folder that hold somebody, and all that are older than the newest of these."""
    files = [(path.stat().st_mtime, path.resolve()) for path in files_below(folder)]
    until = max((time for time, path in files if holds_anybody(path, finder)), default=0.0)
    return [path for time, path in files if time <= until]

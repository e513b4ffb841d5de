"""Files that hold many people, the destroyed one among them: kept roster bundles, and exports of the whole district.

They are looked through in the destroying transaction, under the district's lock, and removed after its commit. An
upload that waits to be imported is not imported any more. Of the drop folder the bundles that are older than one of
these go too: the next night must not take an older roster for the newest.
"""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from psycopg import sql

from disposal.requests.models import DisposalRequest
from resets.engine.followups import enqueue_file_removal
from rostering.services.nightly import drop_folder
from rostering.uploads import withdraw_upload
from sweeps.finder import Finder
from sweeps.places import search_file
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
    uploads = [path.relative_to(root) for path in _files(root / UPLOADS) if holds_anybody(path, finder)]
    exports = [path.relative_to(root) for path in _files(root / EXPORTS) if holds_anybody(path, finder)]
    names = [*map(str, (*uploads, *exports)), *map(str, _dropped(drop_folder(district), finder))]
    if not names:
        return 0
    for upload in uploads:
        withdraw_upload(district, upload.parts[1])
    DisposalRequest.objects.filter(file__in=[str(name) for name in exports]).update(file="")
    kept = sql.Identifier(current_schema(), table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} AS SELECT unnest({}::text[]) AS file").format(kept, sql.Literal(names)))
    enqueue_file_removal(district, table, at)
    return len(names)


def holds_anybody(path: Path, finder: Finder) -> bool:
    """Whether a file, or one inside of it, has somebody's samples; what cannot be read may have."""
    found = Found()
    try:
        with path.open("rb") as opened:
            search_file(opened, finder, found, "bundle", path.name)
    except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return True
    return bool(found.hits["bundle"])


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield path


def _dropped(folder: Path, finder: Finder) -> list[Path]:
    """The bundles of the drop folder that hold somebody, and all that are older than the newest of these."""
    files = [(path.stat().st_mtime, path.resolve()) for path in _files(folder)]
    until = max((time for time, path in files if holds_anybody(path, finder)), default=0.0)
    return [path for time, path in files if time <= until]

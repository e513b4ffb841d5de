"""Packages that were destroyed since the backup are destroyed again, with whatever lies in their folders."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from ledger.chain import Entry
from reports.packages.destroying import destroy_again
from reports.packages.places import FOLDER
from tenants.models import District


def destroy_package_again(district: District, entry: Entry) -> None:
    """Destroy a package once more; of one that the backup does not know the file only."""
    key = UUID(entry.facts["package"])
    if not destroy_again(district, key, entry.facts, actor=entry.actor, at=entry.happened_at):
        folder = Path(settings.MEDIA_ROOT) / str(district.schema_name) / FOLDER / str(key)
        shutil.rmtree(folder, ignore_errors=True)

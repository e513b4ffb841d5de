"""The method, in NIST SP 800-88's terms said honestly, and what cannot be brought back."""

from typing import Any, Final

from django.conf import settings

from certificates.progress import Progress
from certificates.stages import Stage

TERMS: Final = "NIST SP 800-88 Rev. 1 (and Rev. 2 of September 2025, which replaced it)"
HONEST: Final = (
    "Rows and files were removed from a running database. In the terms of NIST SP 800-88 that is not media "
    "sanitization: neither Clear nor Purge nor Destroy of any storage medium is claimed. Disks are sanitized by their "
    "operator when they leave service."
)
DELETED: Final = "The rows were deleted in one transaction, which was verified before it was committed."
ANONYMIZED: Final = (
    "Rows that say who somebody is were deleted, with free text and files; keys were replaced by random ones that are "
    "derived from nothing; birth dates were reduced to the year; rare values were coarsened. Grade, school and results "
    "stay for statistics."
)
MOVED: Final = (
    "What is archived is moved whole to a read-only archive. School years of which all is deleted are dropped with "
    "their files."
)
WAITING: Final = (
    "The deleted rows' bytes stay in the tables' files until these are rewritten in a quiet hour. That has not been "
    "done yet."
)
FAILED: Final = (
    "Rewriting {failed} of {tables} tables has failed, and the deleted rows' bytes may still be in their files. "
    "Engineers have been told; a new version is issued when it is done."
)
REWRITTEN: Final = (
    "The files of all tables in which rows were deleted have been rewritten: no deleted row's bytes are left in the "
    "database's files."
)
NOTHING: Final = "No table needed to be rewritten: no deleted row is left in the database's files."
DROPPED: Final = "The district's whole schema has been dropped since, with all of its tables' files."
BACKUPS: Final = (
    "Backups and the write-ahead log are kept for {days} days and then destroyed. They are not searched for single "
    "rows. If one of them has to be restored, the site stays closed to the district until everything that its ledger "
    "says was deleted, anonymized or destroyed since has been done again."
)


def method_lines(kind: str, categories: list[dict[str, Any]], stage: Stage, progress: Progress) -> dict[str, Any]:
    """The method: the line that changes from stage to stage, and its paragraphs."""
    first = ANONYMIZED if _anonymizes(kind, categories) else DELETED
    paragraphs = [HONEST, first, *([MOVED] if kind == "reset" else []), _storage(progress)]
    paragraphs.append(BACKUPS.format(days=settings.BACKUP_DAYS))
    return {"line": stage.label, "terms": TERMS, "paragraphs": paragraphs}


def _anonymizes(kind: str, categories: list[dict[str, Any]]) -> bool:
    """A rule that a hold had postponed may be a reset's deletion as well as the ninety days: its counts say which."""
    return kind == "anonymization" or (kind == "postponed" and any(line["anonymized"] for line in categories))


def _storage(progress: Progress) -> str:
    if progress.removed:
        return DROPPED
    if not progress.tables:
        return NOTHING
    if progress.is_rewritten:
        return REWRITTEN
    return FAILED.format(failed=progress.failed, tables=progress.tables) if progress.failed else WAITING


def not_restorable(kind: str, categories: list[dict[str, Any]]) -> list[str]:
    """What nobody can bring back, in words and counts."""
    if kind in ("reset", "postponed") and not _anonymizes(kind, categories):
        return [f"{line['name']}: {line['deleted']:,} rows deleted" for line in categories if line["deleted"]]
    if kind == "destruction":
        return ["All that was destroyed: nothing of it is kept for a restore."]
    return ["The link between the data and the students: names, keys and everything that identifies them."]

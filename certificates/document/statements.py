"""The sentences that a privacy officer reads first: what was done, and what may be said of the data by now."""

import datetime as dt
from typing import Any, Final

from certificates.progress import Progress
from certificates.stages import Stage
from tenants.templatetags.words import counted, day

KINDS: Final = {
    "reset": "End-of-year data reset",
    "anonymization": "Anonymization after ninety days",
    "postponed": "Postponed rule, run when a legal hold was lifted",
    "destruction": "Destruction on request",
}
PRIMARY: Final = "Primary copy removed"
EVERY: Final = "Removed from the primary copy and from every backup"
GONE: Final = {
    "reset": "What was deleted is",
    "anonymization": "What identified the students is",
    "postponed": "What the postponed rule removes is",
    "destruction": "What was destroyed is",
}
VERBS: Final = (
    ("retained", "retained"),
    ("archived", "archived"),
    ("deleted", "deleted"),
    ("changed", "changed (set to zero, unassigned or moved out of sight)"),
    ("anonymized", "anonymized"),
)


def standing_of(kind: str, stage: Stage, progress: Progress, backups_until: dt.date | None) -> dict[str, str]:
    """What may be said by now: a title of a few words, and a sentence."""
    gone = GONE[kind]
    if stage is Stage.FINAL:
        until = day(backups_until)
        words = f"{gone} gone from the database, its storage, and from every backup: the last that held it aged out on"
        return {"title": EVERY, "words": f"{words} {until}. This is final."}
    if stage is Stage.ROWS_DELETED:
        state = "could not be rewritten yet" if progress.failed else "is rewritten in a quiet hour"
        words = f"{gone} gone from the database's tables. The storage that held it {state}, and backups still hold it"
        return {
            "title": PRIMARY,
            "words": f"{words} until they age out. Each step gets a new version of this certificate.",
        }
    words = f"{gone} gone from the database and its storage. Backups may hold it until {day(backups_until)};"
    return {"title": PRIMARY, "words": f"{words} then a final version of this certificate is issued."}


def summary_of(document: dict[str, Any]) -> str:
    """The first sentences: what was done, to whose data, and in which numbers."""
    subject = document["subject"]
    when = f" on {day(dt.date.fromisoformat(subject['done_on']))}"
    year = f", school year {subject['school_year']}" if subject["school_year"] else ""
    words = f"{subject['what']} for {subject['district']['name']}{year}, done and verified{when}."
    if "students" in subject:
        words += f" It concerned {counted(subject['students'], 'student,students')}."
    words += _numbers(document["categories"]) or _rows_of(document["tables"])
    if document["undone"]:
        entries = ", ".join(f"entry {line['entry']}" for line in document["undone"])
        schools = sorted({name for line in document["undone"] for name in line["schools"]})
        what = f"for {', '.join(schools)}" if schools and all(line["schools"] for line in document["undone"]) else ""
        words += (
            f" It has been undone {what + ' ' if what else ''}by restore, {entries}: what was archived is live again."
        )
    return words


def _rows_of(tables: list[dict[str, Any]]) -> str:
    """The rows deleted, of an entry that counts by table only."""
    rows = sum(line.get("deleted", 0) for line in tables)
    words = f" {counted(rows, 'row was,rows were')} deleted in {counted(len(tables), 'table,tables')}."
    return words if rows else ""


def _numbers(categories: list[dict[str, Any]]) -> str:
    before = sum(line["before"] for line in categories)
    if not before:
        return ""
    told = [(words, sum(line[name] for line in categories)) for name, words in VERBS]
    parts = [f"{rows:,} {words}" for words, rows in told if rows]
    joined = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
    return f" Of {counted(before, 'row,rows')}: {joined}." if parts else ""

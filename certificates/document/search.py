"""The search that follows a disposition: what was searched, and what was found. Counts and places, never a value."""

from typing import Any, Final

from sweeps.models import Sweep
from tenants.templatetags.words import counted

NOT_ASKED: Final = "No search for identifiers follows a disposition of this kind."
WAITING: Final = "A search for identifiers follows when the storage has been rewritten."
DROPPED: Final = "The district's whole schema was dropped before the search."
KINDS: Final = (
    ("columns", "Columns of tables, JSON included"),
    ("rows", "Rows of tables"),
    ("keys", "Keys of the broker and the cache"),
    ("files", "Files and logs"),
)


def search_lines(sweep: Sweep | None, is_looked_into: bool, is_removed: bool) -> dict[str, Any]:
    """The result in words, and how much of each kind of place was searched.

    Args:
        sweep: the search that was asked for, if one was.
        is_looked_into: whether people have closed the incident of what it found.
        is_removed: whether the district's schema has been dropped.
    """
    if sweep is None:
        return {"words": NOT_ASKED, "lines": []}
    if sweep.finished_at is None:
        return {"words": DROPPED if is_removed else WAITING, "lines": []}
    lines = [{"where": words, "searched": int(getattr(sweep, name))} for name, words in KINDS]
    return {"words": f"{_asked(sweep)} {_found(sweep, is_looked_into)}{_unreached(sweep)}", "lines": lines}


def _asked(sweep: Sweep) -> str:
    people = counted(sweep.people, "student,students")
    values = counted(sweep.samples, "identifying value,identifying values")
    return f"Everything was searched for {values} of {people}."


def _found(sweep: Sweep, is_looked_into: bool) -> str:
    if not sweep.hits:
        return "Nothing was found."
    places = ", ".join(f"{place} ({count})" for place, count in sorted(sweep.hits.items()))
    then = "people have looked into it and closed the incident" if is_looked_into else "an incident is open"
    return f"Something was found in {places}; {then}."


def _unreached(sweep: Sweep) -> str:
    return f" Not searched: {'; '.join(map(str, sweep.unreached))}." if sweep.unreached else ""

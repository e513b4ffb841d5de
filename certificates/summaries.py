"""A certificate's document in a few lines of text."""

from typing import Any


def summary_lines(document: dict[str, Any]) -> list[str]:
    """What it says, for a terminal; nothing of an empty document."""
    if not document:
        return []
    about = document["certificate"]
    return [
        "",
        f"Certificate {about['number']}, version {about['version']}, issued {about['issued_local']}",
        f"{document['standing']['title']}. {document['standing']['words']}",
        document["summary"],
        f"Method: {document['method']['line']}. Ledger: entry {document['ledger']['entry']}.",
    ]

"""Typesetting a report. What is in it comes to the template as JSON, and is never read as markup."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from reports.formats.pdf.contents import contents
from reports.formats.whole import whole_file
from reports.yearend.sheet import Heading, Sheet
from tenants.typesetting import as_input, typesetter

STANDARDS: Final = ("a-2a", "ua-1")
"""For keeping (PDF/A-2) and for everybody's reading (PDF/UA-1: tagged, titled, described)."""


def write_pdf(path: Path, heading: Heading, sheets: Sequence[Sheet]) -> int:
    """Write a report's tables and drawings as PDF, and say how many rows are printed in it.

    Drawings come first. Of a long table only the first rows are printed, with a sentence that says so.

    Raises:
        DatabaseError: a query failed; there is no file then.
        TypstError: the template or the typesetter is broken.
    """
    document = contents(heading, sheets)
    with whole_file(path) as part:
        part.write_bytes(as_pdf(heading, document))
    return sum(len(table["rows"]) for table in document["parts"])


def as_pdf(heading: Heading, document: dict[str, Any]) -> bytes:
    """The contents as PDF; the same contents give the same bytes."""
    stamp = int(heading.made_at.astimezone(dt.UTC).timestamp())
    made: Any = typesetter(_template()).compile(
        format="pdf", pdf_standards=list(STANDARDS), timestamp=stamp, sys_inputs={"document": as_input(document)}
    )
    return bytes(made)


def as_picture(heading: Heading, sheets: Sequence[Sheet], dots_per_inch: float = 110) -> bytes:
    """The first page as PNG, for documentation."""
    document = contents(heading, sheets)
    made: Any = typesetter(_template()).compile(
        format="png", ppi=dots_per_inch, sys_inputs={"document": as_input(document)}
    )
    return bytes(made[0] if isinstance(made, list) else made)


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "report.typ").read_bytes()

"""What a PDF says to a reader who hears it: its tags, and its words by page."""

import io
from collections.abc import Iterator
from typing import Any

import page
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

ACCESSIBLE = page.ValidationProfile.PDF_UA_1
KEEPABLE = page.ValidationProfile.PDF_A_2A


def complaints(pdf: bytes, profile: page.ValidationProfile = ACCESSIBLE) -> list[str]:
    """What the validator finds against a profile: an implementation of veraPDF's rules, which passes its corpus."""
    report = page.validate_pdf_bytes(pdf, profile=profile)
    assert report.rules.total > 100
    assert report.is_compliant == (not report.failures)
    return [f"{each.rule_id}: {each.message}" for each in report.failures]


def tags(pdf: bytes) -> list[tuple[str, str]]:
    """Every tag in reading order, with its alternative text."""
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    return list(_tags(root.get_object()))


def _tags(element: Any) -> Iterator[tuple[str, str]]:
    if "/S" in element:
        yield str(element["/S"]).removeprefix("/"), str(element.get("/Alt", ""))
    below = element.get("/K", [])
    for child in below if isinstance(below, ArrayObject) else [below]:
        found = child.get_object()
        if isinstance(found, DictionaryObject) and "/S" in found:
            yield from _tags(found)


def words(pdf: bytes) -> list[str]:
    """The words of each page, in one line."""
    return [" ".join(each.extract_text().split()) for each in PdfReader(io.BytesIO(pdf)).pages]

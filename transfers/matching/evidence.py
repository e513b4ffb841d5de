"""The evidence of a pair, field by field, in words, from the level that the model saw and the values as written."""

from collections.abc import Iterator
from typing import Final

from transfers.matching.candidates import Evidence, Verdict
from transfers.matching.comparisons import STUDENT
from transfers.matching.levels import DIFFERENT, MISSING, Comparison
from transfers.matching.people import Person

KNOWN: Final = Evidence("Earlier import", Verdict.SAME, "this student was imported before, and went to this record")
HERE, THERE = "unknown on this site", "unknown on the previous site"
WRITTEN: Final = "the same but for accents, hyphens, capitals or spaces"


def evidence(levels: dict[str, str], incoming: Person, site: Person, *, known: bool) -> tuple[Evidence, ...]:
    """Lines of evidence in the order of the screen; fields that neither side knows are left out."""
    return tuple(_lines(levels, incoming, site, known))


def _lines(levels: dict[str, str], incoming: Person, site: Person, known: bool) -> Iterator[Evidence]:
    if known:
        yield KNOWN
    for field in STUDENT:
        there, here = value(field, incoming), value(field, site)
        if there or here:
            yield _line(field, levels.get(field.field, MISSING), there, here)


def value(field: Comparison, person: Person) -> str:
    """What is written of a person in the field."""
    if field.needs == "guardians":
        return ", ".join(f"{one.given_name} {one.family_name}".strip() for one in person.guardians)
    return str(getattr(person, field.needs))


def _line(field: Comparison, level: str, there: str, here: str) -> Evidence:
    if not there or not here:
        return Evidence(field.title, Verdict.UNKNOWN, f"{there}, {HERE}" if there else f"{here}, {THERE}")
    values = there if there == here else f"{there} and {here}"
    if level == MISSING:
        return Evidence(field.title, Verdict.UNKNOWN, f"{values}: not compared")
    words = (
        WRITTEN
        if level == "same" and there != here and field.field in {"family", "given", "middle"}
        else field.words(level)
    )
    return Evidence(field.title, _verdict(level), f"{values}: {words}")


def _verdict(level: str) -> Verdict:
    return {"same": Verdict.SAME, "contact": Verdict.SAME, DIFFERENT: Verdict.DIFFERENT}.get(level, Verdict.PARTLY)

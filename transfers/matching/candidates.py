"""What the linkage says: for each incoming student a band, at most one record to go to, and who may be them and why."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a line of evidence says, in one word."""

    SAME = "same"
    PARTLY = "partly"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    NOTE = "note"


class Band(StrEnum):
    """The three bands; the values are those of the database's."""

    MATCHED = "matched"
    REVIEW = "review"
    NEW = "new"


@dataclass(frozen=True)
class Evidence:
    """One line of evidence: which field, what it says, and that in words."""

    field: str
    verdict: Verdict
    words: str

    def __str__(self) -> str:
        return f"{self.field}: {self.words}"


@dataclass(frozen=True)
class Candidate:
    """A record of the site that may be an incoming student."""

    incoming: int
    site: int
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Choice:
    """What an incoming student would be imported as.

    Attributes:
        match: the site's record; None for a new student. No two incoming students have the same.
        candidates: the likeliest first; a match is always among them.
    """

    incoming: int
    band: Band
    match: int | None
    candidates: tuple[Candidate, ...]

"""Review Student Data: the incoming student and a record of this site, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from rostering.models import Student
from tenants.templatetags.words import grade_words, short_day
from transfers.imports.models import IncomingStudent
from transfers.review.records import guardians_of


@dataclass(frozen=True)
class Compared:
    """One field of the two; `ours` is None when there is no record to compare with."""

    label: str
    theirs: str
    ours: str | None

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        told = bool(self.theirs and self.ours) and self.label not in ALWAYS_DIFFERENT
        return told and _plain(self.theirs) != _plain(self.ours or "")


@dataclass(frozen=True)
class Comparison:
    """The fields that are always shown, and the "more details" of the source."""

    main: list[Compared]
    more: list[Compared]


def compare(incoming: IncomingStudent, record: Student | None, *, previous: str) -> Comparison:
    """The two side by side; without a record the incoming student alone.

    Args:
        previous: the school that they come from.
    """
    theirs = dict(_fields(incoming, incoming.grade, previous, incoming.sex, incoming.guardians))
    ours: dict[str, str] = {}
    if record is not None:
        demographics: Any = getattr(record, "demographics", None)
        sex = demographics.sex if demographics else ""
        school = record.school.name if record.school else ""
        ours = dict(_fields(record.identity, record.grade, school, sex, guardians_of(record)))
    lines = {
        label: Compared(label, value, ours.get(label, "") if record is not None else None)
        for label, value in theirs.items()
    }
    return Comparison([lines[label] for label in MAIN], [line for label, line in lines.items() if label not in MAIN])


MAIN: Final = ("Name", "Birth date", "Grade", "School")
ALWAYS_DIFFERENT: Final = ("School",)


def _fields(
    person: Any, grade: str, school: str, sex: str, guardians: list[dict[str, str]]
) -> Iterator[tuple[str, str]]:
    yield "Name", f"{person.given_name} {person.family_name}"
    yield "Birth date", short_day(person.birth_date) if person.birth_date else ""
    yield "Grade", grade_words(grade) if grade else ""
    yield "School", school
    yield "Student ID", person.student_number
    yield "State ID", person.state_id
    yield "Middle name", person.middle_name
    yield "Preferred name", person.preferred_name
    yield "Sex", sex.capitalize()
    yield "User name", person.username
    yield "E-mail", person.email
    yield "Guardians", "; ".join(_guardian(one) for one in guardians)


def _guardian(one: dict[str, str]) -> str:
    name = f"{one.get('given_name', '')} {one.get('family_name', '')}".strip()
    reach = ", ".join(filter(None, (one.get("email", ""), one.get("phone", ""))))
    relation = f" ({one['relation']})" if one.get("relation") else ""
    return f"{name}{relation}{': ' + reach if reach else ''}"


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()

"""What the linkage knows of a person, and how people go into its tables. Nothing here knows Django."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, fields
from typing import Final

import pyarrow as pa

BETWEEN: Final = "\x1e"
WITHIN: Final = "\x1f"
"""Between two guardians, and between the parts of one, in the one text column that holds them."""


@dataclass(frozen=True)
class GuardianRecord:
    """A parent or guardian, as one of the sites knows them."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Address:
    """Where somebody lives. Rosters do not say it; other people's data may, and the model can use it."""

    number: str = ""
    street: str = ""
    place: str = ""
    suburb: str = ""
    postcode: str = ""
    region: str = ""


@dataclass(frozen=True)
class Person:
    """A student as one of the sites knows them. Empty texts are unknown.

    Attributes:
        key: of the record, unique on its site.
        birth_date: in ISO's form, as text: a source may hold a day that does not exist.
        known_as: of an incoming student, the key on this site that an earlier import gave them.
    """

    key: int
    given_name: str = ""
    family_name: str = ""
    middle_name: str = ""
    preferred_name: str = ""
    birth_date: str = ""
    grade: str = ""
    sex: str = ""
    state_id: str = ""
    student_number: str = ""
    email: str = ""
    guardians: tuple[GuardianRecord, ...] = ()
    address: Address = field(default=Address())
    known_as: int | None = None


PLAIN: Final = tuple(
    item.name for item in fields(Person) if item.name not in {"guardians", "address", "key", "known_as"}
)
PLACES: Final = tuple(f"address_{item.name}" for item in fields(Address))
SCHEMA: Final = pa.schema(
    [
        ("key", pa.int64()),
        *((name, pa.string()) for name in PLAIN),
        ("guardians", pa.string()),
        *((name, pa.string()) for name in PLACES),
        ("known_as", pa.int64()),
    ]
)
"""The columns in which people reach the linkage, from whatever source."""


def pack_guardians(guardians: Iterable[GuardianRecord]) -> str:
    """Several guardians in one text: given name, family name, e-mail, phone of each."""
    return BETWEEN.join(WITHIN.join(_clean(text) for text in astuple(guardian)) for guardian in guardians)


def _clean(text: str) -> str:
    """A text that holds no separator."""
    return text.replace(WITHIN, " ").replace(BETWEEN, " ")


def unpack_guardians(text: str) -> tuple[GuardianRecord, ...]:
    """The guardians of a text that `pack_guardians` made."""
    return tuple(GuardianRecord(*one.split(WITHIN)) for one in text.split(BETWEEN)) if text else ()


def as_table(people: Sequence[Person]) -> pa.Table:
    """People as an Arrow table of `SCHEMA`."""
    columns: list[pa.Array] = [pa.array([person.key for person in people], pa.int64())]
    columns += [pa.array([getattr(person, name) for person in people], pa.string()) for name in PLAIN]
    columns.append(pa.array([pack_guardians(person.guardians) for person in people], pa.string()))
    places = [astuple(person.address) for person in people]
    columns += [pa.array([place[nth] for place in places], pa.string()) for nth in range(len(PLACES))]
    columns.append(pa.array([person.known_as for person in people], pa.int64()))
    return pa.Table.from_arrays(columns, schema=SCHEMA)

"""What crosses the border between two districts: who a student is, and their records. Frozen; no model."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class PacketGuardian:
    """A parent, guardian or relative, as the source knows them."""

    given_name: str
    family_name: str
    email: str
    phone: str
    relation: str

    def as_json(self) -> dict[str, str]:
        """As `IncomingStudent.guardians` keeps one."""
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "email": self.email,
            "phone": self.phone,
            "relation": self.relation,
        }


@dataclass(frozen=True)
class PacketPerson:
    """Who a student is, as the source knows them. Empty texts are unknown."""

    source_key: int
    given_name: str
    middle_name: str
    family_name: str
    preferred_name: str
    student_number: str
    state_id: str
    username: str
    email: str
    birth_date: dt.date | None
    grade: str
    sex: str
    race: str
    hispanic_or_latino: bool | None
    guardians: tuple[PacketGuardian, ...]


@dataclass(frozen=True)
class PacketRecord:
    """One row of a fact table. `row` is JSON text: numbers and dates cross exactly as the database wrote them."""

    relation: str
    school_year: int
    row_id: str
    row: str


@dataclass(frozen=True)
class PacketStudent:
    """A student with all their records: taken whole, or not at all."""

    person: PacketPerson
    records: tuple[PacketRecord, ...]


@dataclass(frozen=True)
class PacketPage:
    """Some students of an offer. `last` is the key after which the next page begins; None when there is none."""

    students: tuple[PacketStudent, ...]
    last: int | None

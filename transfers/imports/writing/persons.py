"""Who an incoming student is, from the staged row and from the log's line: what a record here is made of."""

import datetime as dt
from typing import Any

from transfers.imports.models import ImportedStudent, IncomingStudent
from transfers.packet.people import PacketGuardian, PacketPerson


def person_of_incoming(row: IncomingStudent) -> PacketPerson:
    """As the source knew them."""
    return PacketPerson(
        source_key=row.source_key,
        given_name=row.given_name,
        middle_name=row.middle_name,
        family_name=row.family_name,
        preferred_name=row.preferred_name,
        student_number=row.student_number,
        state_id=row.state_id,
        username=row.username,
        email=row.email,
        birth_date=row.birth_date,
        grade=row.grade,
        sex=row.sex,
        race=row.race,
        hispanic_or_latino=row.hispanic_or_latino,
        guardians=tuple(PacketGuardian(**guardian) for guardian in row.guardians),
    )


def packed(person: PacketPerson) -> dict[str, Any]:
    """What a log's line keeps of somebody beside its own columns, as JSON."""
    return {
        "middle_name": person.middle_name,
        "preferred_name": person.preferred_name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "sex": person.sex,
        "race": person.race,
        "hispanic_or_latino": person.hispanic_or_latino,
        "guardians": [guardian.as_json() for guardian in person.guardians],
    }


def person_of_line(line: ImportedStudent) -> PacketPerson:
    """The same person again, from a line of the log."""
    kept = line.packet
    return PacketPerson(
        source_key=line.source_key,
        given_name=line.given_name,
        middle_name=kept["middle_name"],
        family_name=line.family_name,
        preferred_name=kept["preferred_name"],
        student_number=line.source_student_number,
        state_id=line.source_state_id,
        username=line.source_username,
        email=line.source_email,
        birth_date=dt.date.fromisoformat(kept["birth_date"]) if kept["birth_date"] else None,
        grade=line.grade,
        sex=kept["sex"],
        race=kept["race"],
        hispanic_or_latino=kept["hispanic_or_latino"],
        guardians=tuple(PacketGuardian(**guardian) for guardian in kept["guardians"]),
    )

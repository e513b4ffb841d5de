"""What the ledger says of an anonymization: identifiers and counts, from which alone its certificate is made."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg import sql

from archiving.concerned import Concerned
from archiving.database import table
from archiving.verify import Counts
from holds.models import LegalHold
from holds.selectors import active_holds
from products.datamap import Suite
from products.registry import data_maps
from resets.engine.proof import Done
from resets.engine.record import tables_of
from resets.policies.registry import policy_for
from rostering.models import ReturnWindow
from sweeps.services import Samples

Spared = dict[int, tuple[int, int]]
"""Per hold, the rows and the students that it keeps from being anonymized."""
SCHOOLS = """
SELECT DISTINCT s.school_id FROM {student} AS s JOIN pg_temp.leavers AS l ON l.new_id = s.id
WHERE s.school_id IS NOT NULL ORDER BY 1
"""


@dataclass
class Going:
    """An anonymization under way: whom it concerns, and what it has learned and written so far.

    Attributes:
        lifted: the hold that was lifted, if this is what it had postponed.
        erased: the keys that they had, also those that were merged into theirs.
        token: a random word by which its tables and jobs are told from those of others.
    """

    suite: str
    school_year: int
    window: ReturnWindow | None
    lifted: LegalHold | None
    leaving: int
    token: str
    concerned: tuple[Concerned, ...]
    spared: Spared = field(default_factory=dict)
    erased: frozenset[int] = frozenset()
    seen: Counts = field(default_factory=lambda: Counts({}, 0))
    samples: Samples | None = None
    files: str = ""
    done: Done = field(default_factory=Done)


def facts_of(going: Going) -> dict[str, Any]:
    """The facts of an entry; without a window only where no reset opened one."""
    facts: dict[str, Any] = {
        "suite": going.suite,
        "school_year": going.school_year,
        "policy": policy_for(going.suite).version,
        "students": going.leaving,
        "schools": _schools(),
        "categories": _categories(going.suite, going.seen.rows),
        "tables": tables_of(going.done),
        "exclusions": _exclusions(going.spared),
        "rewrite": f"anonymization {going.suite} {going.school_year} {going.token}",
    }
    if going.lifted is not None:
        facts["hold"] = going.lifted.pk
    if window := going.window:
        facts |= {"on": window.until.isoformat(), "reset_on": window.reset_on.isoformat()}
        facts |= {"run": str(window.run_id)} if window.run_id else {}
        facts |= {"except_schools": window.except_schools} if window.except_schools else {}
    return facts


def _schools() -> list[int]:
    """The schools of those who are being anonymized, by their new keys."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(SCHOOLS).format(student=table("rostering_student")))
        return [int(row[0]) for row in cursor.fetchall()]


def _categories(suite: str, rows: dict[Concerned, int]) -> dict[str, dict[str, int]]:
    """Rows that were anonymized or deleted, by category; one of another suite with a name that is taken says whose."""
    own = sorted(data_maps(), key=lambda each: each.code != suite)
    names = _names(own)
    found: dict[str, dict[str, int]] = {}
    for each, count in rows.items():
        if count:
            name = names[each.suite, each.category]
            line = found.setdefault(name, {"before": 0, "anonymized": 0, "deleted": 0})
            line["before"] += count
            line["deleted" if each.destroyed else "anonymized"] += count
    return found


def _names(maps: list[Suite]) -> dict[tuple[str, str], str]:
    taken: set[str] = set()
    names = {}
    for each in maps:
        for category in each.categories:
            names[each.code, category.code] = (
                f"{each.code}.{category.code}" if category.code in taken else category.code
            )
            taken.add(category.code)
    return names


def _exclusions(spared: Spared) -> list[dict[str, Any]]:
    return [
        {
            "hold": hold.pk,
            "scope": str(hold.scope),
            "ground": str(hold.ground),
            "rows": spared[hold.pk][0],
            "students": spared[hold.pk][1],
        }
        for hold in active_holds().filter(pk__in=spared).order_by("pk")
    ]

"""What the ledger says of an anonymization: identifiers and counts, from which alone its certificate is made."""

from typing import Any

from archiving.concerned import Concerned
from archiving.database import Done
from archiving.verify import Counts
from holds.selectors import active_holds
from products.datamap import Suite
from products.registry import data_maps
from resets.engine.record import tables_of
from resets.policies.registry import policy_for
from rostering.models import ReturnWindow, Student

Spared = dict[int, tuple[int, int]]
"""Per hold, the rows and the students that it keeps from being anonymized."""


def facts_of(
    suite: str,
    school_year: int,
    window: ReturnWindow | None,
    seen: Counts,
    done: Done,
    spared: Spared,
    leaving: int,
    token: str,
) -> dict[str, Any]:
    """The facts of an entry; a window is missing only where no reset opened one."""
    facts: dict[str, Any] = {
        "suite": suite,
        "school_year": school_year,
        "policy": policy_for(suite).version,
        "students": leaving,
        "schools": _schools(school_year),
        "categories": _categories(suite, seen.rows),
        "tables": tables_of(done),
        "exclusions": _exclusions(spared),
        "rewrite": f"anonymization {suite} {school_year} {token}",
    }
    if window is not None:
        facts |= {"on": window.until.isoformat(), "reset_on": window.reset_on.isoformat()}
        facts |= {"run": str(window.run_id)} if window.run_id else {}
        facts |= {"except_schools": window.except_schools} if window.except_schools else {}
    return facts


def _schools(school_year: int) -> list[int]:
    gone = Student.objects.filter(status="anonymized", school_year__lte=school_year).exclude(school=None)
    return sorted(gone.order_by().values_list("school_id", flat=True).distinct())


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

"""Who approved and who was left out, by role and number: a certificate names nobody."""

from typing import Any, Final

from accounts.actors import PROGRAM, numbered
from holds.models import Ground, HoldScope
from ledger.models import LedgerEntry

BY_ITSELF: Final = "Yearturn, by itself, on the date that was agreed"


def person_words(actor: str) -> str:
    """An actor such as `csm:4` in words; never a name.

    >>> person_words("csm:4"), person_words("system:planner")
    ('Customer success manager no. 4', 'Yearturn, by itself, on the date that was agreed')
    """
    role = actor.partition(":")[0]
    if role == "system":
        return BY_ITSELF
    return f"{numbered(actor)}, by the API" if role == PROGRAM else numbered(actor)


def approval_lines(entry: LedgerEntry) -> dict[str, Any]:
    """Who stands behind it: two people, or the policy's automatic path."""
    approvers = [person_words(actor) for actor in entry.facts.get("approvers") or []]
    approval = str(entry.facts.get("approval") or "")
    if approvers:
        words = f"Approved by two people: asked for by {approvers[0]}"
        words += f", approved by {approvers[1]}." if len(approvers) > 1 else "."
    else:
        words = "The policy's own path: no approval beyond the agreed date was needed."
    return {"approval": approval, "approvers": approvers, "words": words, "done_by": person_words(entry.actor)}


def exclusion_lines(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What was left out because of legal holds: number, scope, ground and counts."""
    return [
        {
            "hold": int(line["hold"]),
            "scope": HoldScope(line["scope"]).label,
            "ground": Ground(line["ground"]).label,
            "students": int(line.get("students", 0)),
            "rows": int(line.get("rows", 0)),
        }
        for line in facts.get("exclusions") or []
    ]

"""How a request is shown: its state in words, whom it is about, and its rows by what the data maps call them."""

import datetime as dt
from collections.abc import Mapping

from accounts.pages import Chip
from disposal import terms
from disposal.models import Case, CaseKind, CaseState
from disposal.requests.models import DisposalRequest
from products.registry import data_maps

CHIPS = {
    CaseState.ASKED: Chip("Waits for approval", "warn", "1"),
    CaseState.APPROVED: Chip("In work", "warn", "2"),
    CaseState.DONE: Chip("Done", "good", "✓"),
    CaseState.STALE: Chip("To be asked again", "warn", "!"),
    CaseState.REFUSED: Chip("Refused", "", "○"),
    CaseState.WITHDRAWN: Chip("Taken back", "", "○"),
}
UNDO = "What resets keep to be undone"
OTHER = "Everything else"


def due_chip(case: Case, as_of: dt.date) -> Chip:
    """How a request stands to its due date."""
    if not case.is_open:
        return CHIPS[CaseState(case.state)]
    if case.due_on < as_of:
        return Chip("Overdue", "bad", "!")
    if case.due_on <= as_of + dt.timedelta(days=terms.SOON):
        return Chip("Due soon", "warn", "!")
    return CHIPS[CaseState(case.state)]


def by_category(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(whose data, category, rows), from rows by relation."""
    named = {}
    for suite in data_maps():
        for category in suite.categories:
            for table in category.tables:
                for relation in filter(None, (table.name, table.archive_name)):
                    named[relation] = (suite.name, category.label)
    added: dict[tuple[str, str], int] = {}
    for relation, rows in counts.items():
        key = named.get(relation, ("Resets", UNDO) if relation.startswith("undo_") else ("", OTHER))
        added[key] = added.get(key, 0) + rows
    return [(whose, category, rows) for (whose, category), rows in sorted(added.items())]


def whom(case: Case, request: DisposalRequest | None) -> str:
    """Whom a request is about, in words; nobody's name when they are destroyed."""
    if case.scope == "district":
        return "the whole district"
    if request is None or request.student is None:
        is_done = case.kind == CaseKind.DESTRUCTION and case.state == CaseState.DONE
        return "a student who is destroyed" if is_done else "a student who has no name here any more"
    identity = getattr(request.student, "identity", None)
    return f"{identity.given_name} {identity.family_name}" if identity else "a student without a name"

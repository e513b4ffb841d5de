"""What cannot be searched for names: packed or encrypted files, of which only their keeper knows whose data is in them.

A keeper writes down beside such a file which students it holds, by surrogate key. After a destruction the keys are
known from what was written ahead of it: so it can be told whether any file is left that holds one of them.
"""

from collections.abc import Callable

from ledger.dispositions import KeysError, written_keys
from sweeps.models import Sweep
from sweeps.tables import Found
from tenants.models import District

Check = Callable[[District, frozenset[int]], int]
"""How many files of the entered district hold any of these students."""
NO_KEYS = "packed files that are known by the students' keys: the keys were not written down, or have aged out"

_checks: dict[str, Check] = {}


def register_sealed(place: str, check: Check) -> None:
    """Add a keeper's check, by what the place is called in a search's record."""
    _checks[place] = check


def search_sealed(district: District, sweep: Sweep, found: Found) -> None:
    """Ask every keeper of the entered district for files that hold somebody whom the sweep's entry concerned."""
    if not _checks:
        return
    try:
        written = written_keys(district.pk, sweep.ledger_number)
    except KeysError:
        written = None
    if written is None:
        found.unreached.append(NO_KEYS)
        return
    for place, check in _checks.items():
        found.hits[place] += check(district, frozenset(written.keys))

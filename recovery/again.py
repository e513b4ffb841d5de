"""What is done again for each kind of entry. Any other kind is only written down again.

Each does it by the service that did it first, inside `ledger.replaying.replayed`: with its locks, its verification and
its one transaction. So a crash loses nothing, and whoever starts again goes on with the entry that is not there yet.
"""

from collections.abc import Callable, Mapping

from ledger.chain import Entry
from recovery.kinds.anonymizations import anonymize_again, do_postponed_again
from recovery.kinds.codes import redeem_again, release_again, revoke_again
from recovery.kinds.destructions import destroy_again, remove_again
from recovery.kinds.holds import lift_again, place_hold_again
from recovery.kinds.packages import destroy_package_again
from recovery.kinds.resets import reset_again, restore_again
from recovery.kinds.transfers import cancel_again, expire_again, fail_again, recall_again
from tenants.models import District
from transfers.imports.services.recalling import RECALLED

Again = Callable[[District, Entry], None]

AGAIN: Mapping[str, Again] = {
    "reset": reset_again,
    "restore": restore_again,
    "postponed": do_postponed_again,
    "anonymization": anonymize_again,
    "destruction": destroy_again,
    "district_removed": remove_again,
    "hold_placed": place_hold_again,
    "hold_lifted": lift_again,
    RECALLED: recall_again,
    "code_redeemed": redeem_again,
    "code_released": release_again,
    "code_revoked": revoke_again,
    "package_destroyed": destroy_package_again,
    "transfer_cancelled": cancel_again,
    "transfer_failed": fail_again,
    "transfer_expired": expire_again,
}


def needs_keys(entry: Entry) -> bool:
    """Whether an entry does not say by itself whom it concerned: their keys were then written ahead of it."""
    if entry.kind == "destruction":
        return bool(entry.facts["scope"] == "student")
    if entry.kind == RECALLED:
        return not entry.facts["whole"]
    return entry.kind in ("anonymization", "postponed") and "students" in entry.facts

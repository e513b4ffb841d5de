"""The way back to the public schema: an import that is cancelled or has failed lets its code be entered again."""

import datetime as dt
from uuid import UUID

from transfers.codes.models import TransferCode


def let_code_go(import_id: UUID, at: dt.datetime) -> None:
    """Release the code of an import, in the caller's transaction."""
    TransferCode.objects.filter(import_id=import_id).update(
        redeemed_at=None, redeemed_by="", destination=None, import_id=None
    )

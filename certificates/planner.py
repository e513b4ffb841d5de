"""What each tick does for certificates: finds entries without one, and certificates that have reached a new stage."""

import logging
from typing import Final

from django.db import IntegrityError

from certificates.progress import watched_entries
from certificates.services import issue_due
from tenants import clock
from tenants.errors import describe_error

log = logging.getLogger(__name__)

SHARE: Final = 200
"""What one tick issues; the rest follows with the next."""


def issue_due_certificates() -> int:
    """Issue what is due, the oldest first; returns how many. One that fails is logged, and the others go on.

    It can be killed at any point and run twice at once: a version is a row, and the database takes each once.
    """
    now, issued = clock.now(), 0
    for watched in watched_entries(now):
        if not watched.is_due:
            continue
        try:
            issued += issue_due(watched.entry_id, watched.progress, now) is not None
        except IntegrityError:
            log.info("ledger entry %s: this version has been issued by another tick", watched.entry_id)
        except Exception as error:  # whatever it is, it is this certificate's own
            log.error("ledger entry %s got no certificate: %s", watched.entry_id, describe_error(error))
        if issued >= SHARE:
            break
    return issued

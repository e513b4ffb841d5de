"""The heartbeat that tells a living worker from a dead one."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection

from tenants.errors import describe_error
from tenants.jobs.services import renew_lease
from tenants.models import Job

log = logging.getLogger(__name__)


@contextmanager
def kept_lease(job: Job) -> Iterator[None]:
    """Renew the job's lease from a second connection until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=_renew, args=(job, stop), name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _renew(job: Job, stop: threading.Event) -> None:
    """Renew in time for two misses; a database that does not answer now may answer the next time."""
    try:
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                if not _renew_once(job):
                    return
            except Error as error:
                log.warning("the lease of job %s was not renewed: %s", job.pk, describe_error(error))
                connection.close()
    finally:
        connection.close()


def _renew_once(job: Job) -> bool:
    """Renew, without waiting long for a row that this very worker's transaction may have locked."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '500ms'")
    return renew_lease(job)

"""The heartbeat that tells a living worker from a dead one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from tenants.models import Job


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
    try:
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE public.tenants_job SET lease_until = clock_timestamp() + make_interval(secs => %s)"
                    " WHERE id = %s AND state = 'running'",
                    [settings.JOB_LEASE_SECONDS, job.pk],
                )
    finally:
        connection.close()

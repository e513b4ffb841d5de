"""Each tick: the districts whose ninety days are over get their job."""

from archiving.selectors import due_anonymizations
from tenants import clock
from tenants.jobs.services import enqueue_job


def plan_anonymizations() -> int:
    """Ask for the anonymization of every district whose days are over; returns the number of jobs added."""
    now = clock.now()
    due = due_anonymizations(now)
    for district, suite, school_year, _ in due:
        payload = {"suite": suite, "school_year": school_year}
        enqueue_job(district, "anonymize", f"{suite}-{school_year}", due_at=now, payload=payload)
    return len(due)

"""Each tick: the districts whose ninety days are over get their job."""

from archiving.selectors import due_anonymizations
from tenants import clock
from tenants.jobs.services import enqueue_jobs


def plan_anonymizations() -> int:
    """Ask for the anonymization of every district whose days are over; returns the number of jobs added."""
    now = clock.now()
    due = due_anonymizations(now)
    wanted = (
        (
            each.district,
            str(each.run_id),
            {"suite": each.suite, "school_year": each.school_year, "run": str(each.run_id)},
        )
        for each in due
    )
    enqueue_jobs("anonymize", wanted, due_at=now)
    return len(due)

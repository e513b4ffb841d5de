"""What each tick does for letters: finds what is due over all districts, and asks for one job for each."""

JOB_KIND = "letters"


def plan_letters() -> int:
    """Put due letters on the list; returns the number of jobs added."""
    return 0

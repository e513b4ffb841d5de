"""The ninety days: whoever has not come back loses name and key, in one transaction per district.

"Student data is anonymized 90 days after the reset, so if more than 90 days pass before the student is re-enrolled in
the program, the student will be considered a new student" (literacy source). Grade, school and results stay for
statistics. Running it twice is harmless: there is nobody left to anonymize.
"""

import datetime as dt

from django.db import connection

from archiving import keys, verify
from archiving.concerned import concerned_tables
from archiving.files import keep_file_names
from archiving.undo import destroy_undo
from ledger.services import append_entry
from products.partitions import history_opened
from products.registry import suite_named
from resets.controls import check_going_on, confirm_going_on
from resets.engine.followups import enqueue_file_removal, enqueue_rewrite
from resets.engine.proof import baseline
from rostering.models import ReturnWindow
from tenants.models import District
from tenants.schema import current_schema


def anonymize_leavers(district: District, suite: str, school_year: int, *, actor: str, at: dt.datetime) -> int:
    """Anonymize the entered district's students of a suite who were last rostered in a school year or before.

    Args:
        suite: the suite whose ninety days are over; only students with an account in it are concerned.
        at: the moment that is recorded.

    Returns:
        how many students were anonymized.

    Raises:
        AnonymizationError: verification failed; nothing was changed.
        WorkStoppedError: a person has stopped all destructive work; nothing was changed.
    """
    check_going_on()
    with history_opened(district):
        before = baseline(current_schema())
        account = suite_named(suite).category("student_accounts").tables[0].name
        leaving = keys.choose_leavers(account, school_year)
        window = ReturnWindow.objects.filter(suite=suite, school_year=school_year)
        if not leaving and not window.filter(anonymized_at=None).exists():
            return 0
        seen = verify.count_before(concerned_tables())
        files = keep_file_names(suite, school_year, at)
        done = keys.replace_keys(concerned_tables())
        _check_references()
        verify.verify(seen, leaving, done, before, own={files})
        destroy_undo(district, suite, school_year)
        window.filter(anonymized_at=None).update(anonymized_at=at)
        facts = {"suite": suite, "school_year": school_year, "students": leaving, "tables": sorted(done)}
        append_entry(district.pk, "anonymization", actor=actor, at=at, facts=facts)
        if files:
            enqueue_file_removal(district, files, at)
        enqueue_rewrite(district, f"anonymization {suite} {school_year} {at:%Y%m%d%H%M%S}", done, at)
        confirm_going_on()
    return leaving


def _check_references() -> None:
    """Run the deferred checks of foreign keys now: what they find belongs before the verification."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

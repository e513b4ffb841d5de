"""When a record last changed: new ones and changed ones know it, the others keep what they had."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import connection

from rostering.models import Course, Student, StudentIdentity
from rostering.services import import_bundle
from tests.rostering.bundles import AS_OF, small_bundle


def long_ago(model: Any) -> None:
    """Set the stamps as only somebody without the trigger could."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER rostering_stamped")
        cursor.execute(f"UPDATE {table} SET modified_at = '2020-01-01T00:00:00Z'")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER rostering_stamped")


def test_a_sync_stamps_what_it_changes_and_nothing_else(entered: Any, tmp_path: Path) -> None:
    bundle = small_bundle()
    import_bundle(bundle.write(tmp_path), source="command", actor="tests", as_of=AS_OF)
    for model in (Student, StudentIdentity, Course):
        long_ago(model)
    bundle.of("users", "s1")["givenName"] = "Ada"
    bundle.drop_person("s2")
    import_bundle(bundle.write(tmp_path, "second.zip"), source="command", actor="tests", as_of=AS_OF)
    since = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    named = StudentIdentity.objects.filter(modified_at__gt=since).values_list("sourced_id", flat=True)
    left = Student.objects.filter(modified_at__gt=since).values_list("identity__sourced_id", flat=True)
    assert (list(named), list(left)) == (["s1"], ["s2"])
    assert not Course.objects.filter(modified_at__gt=since).exists()


def test_nobody_can_set_it(entered: Any, tmp_path: Path) -> None:
    import_bundle(small_bundle().write(tmp_path), source="command", actor="tests", as_of=AS_OF)
    Course.objects.update(modified_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert not Course.objects.filter(modified_at__year=2020).exists()

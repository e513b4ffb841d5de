"""The same reset written with Django's ORM in chunks. Kept for comparison; the product does not use it."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from benchmarks.database import copy_database, drop_database, use_database
from benchmarks.measure import Result, seconds
from benchmarks.reset_data import YEAR, the_district
from products.literacy import models
from tenants.schema import enter_district

CHUNK = 5_000
TENTH = 10
LONGEST_SECONDS = 180.0
"""A comparison that would take longer is measured on a tenth of the facts and multiplied."""

ARCHIVES: tuple[tuple[Any, Any], ...] = (
    (models.Benchmark, models.BenchmarkArchive),
    (models.Usage, models.UsageArchive),
    (models.Group, models.GroupArchive),
    (models.GroupMember, models.GroupMemberArchive),
)


def measure(pristine: str, facts: int, product: float) -> Result:
    """The ORM's seconds on a copy of the database, beside the product's."""
    own = str(connection.settings_dict["NAME"])
    copy = copy_database(pristine, f"{pristine}_orm")
    use_database(copy)
    note = f"by the ORM, {CHUNK:,} rows a chunk"
    with enter_district(the_district()):
        _make_room()
        value = seconds(_change_small_tables)
        tenth = seconds(lambda: _archive(TENTH))
        if tenth * TENTH > LONGEST_SECONDS:
            value += tenth * TENTH
            note += f", ten times a tenth of the facts ({tenth:.0f} s)"
        else:
            value += tenth + seconds(lambda: _archive(1))
    use_database(own)
    drop_database(copy)
    return Result(f"against chunked ORM, {facts:,} facts", product, value, 100.0, note, at_least=True)


def _make_room() -> None:
    """Give the archives an empty partition to copy into: the product's moves need none."""
    with connection.cursor() as cursor:
        for _, archive in ARCHIVES:
            table = archive._meta.db_table
            cursor.execute(f"CREATE TABLE {table}_orm PARTITION OF {table} FOR VALUES IN ({YEAR})")


def _archive(part: int) -> None:
    """Copy and delete a part (1 for all, 10 for a tenth) of the rows that there are, chunk by chunk."""
    for live, archive in ARCHIVES:
        left = live.objects.filter(school_year=YEAR).count() // part
        while left > 0:
            left -= _archive_chunk(live, archive, min(left, CHUNK))


def _archive_chunk(live: Any, archive: Any, rows: int) -> int:
    names = [field.attname for field in live._meta.concrete_fields]
    with transaction.atomic():
        chunk = list(live.objects.filter(school_year=YEAR)[:rows])
        archive.objects.bulk_create(archive(**{name: getattr(row, name) for name in names}) for row in chunk)
        live.objects.filter(school_year=YEAR, id__in=[row.id for row in chunk]).delete()
    return len(chunk)


def _change_small_tables() -> None:
    ids = list(models.Reward.objects.values_list("pk", flat=True))
    for first in range(0, len(ids), CHUNK):
        rewards = list(models.Reward.objects.filter(pk__in=ids[first : first + CHUNK]))
        for reward in rewards:
            reward.booster_bits = reward.museum_level = 0
        models.Reward.objects.bulk_update(rewards, ["booster_bits", "museum_level"])
    for model in (models.Avatar, models.PlaylistAssignment):
        _delete_all(model)


def _delete_all(model: type[Model]) -> None:
    while ids := list(model._default_manager.values_list("pk", flat=True)[:CHUNK]):
        model._default_manager.filter(pk__in=ids).delete()

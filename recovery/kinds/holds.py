"""Legal holds, placed and lifted again: whoever opens a district finds them as they were."""

from django.db import connection, transaction
from psycopg import sql

from holds.models import LegalHold
from holds.services import lift_hold, place_again
from ledger.chain import Entry
from ledger.services import append_entry
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import current_schema, district_table

LIFTED_AGAIN = "Lifted again from the ledger after a restore from a backup; the reason is in the district's papers."
AFTER = "SELECT setval(pg_get_serial_sequence({name}, 'id'), (SELECT max(id) FROM {table}))"


def place_hold_again(district: District, entry: Entry) -> None:
    """Place a hold under its number; one of a student or school that the backup does not have is written down only."""
    at = entry.happened_at
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        place_again(district, entry.facts, actor=entry.actor, at=at)
        table = district_table(LegalHold._meta.db_table)
        name = sql.Literal(sql.Identifier(current_schema(), LegalHold._meta.db_table).as_string())
        if LegalHold.objects.exists():  # the next one gets a number of its own
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(AFTER).format(name=name, table=table))
        append_entry(district.pk, entry.kind, actor=entry.actor, at=at, facts=entry.facts)


def lift_again(district: District, entry: Entry) -> None:
    """Lift a hold that is still in force in the backup; what it had postponed is asked for, as it was."""
    if LegalHold.objects.filter(pk=entry.facts["hold"], lifted_at=None).exists():
        at = entry.happened_at
        lift_hold(district, entry.facts["hold"], reason=LIFTED_AGAIN, actor=entry.actor, at=at)

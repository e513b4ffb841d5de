"""A district is closed while the database is older than what was published of its ledger.

Asked once per connection and district: a database cannot be replaced by a backup under an open connection. Two things
are compared, for the two ways of restoring: the newest published entry must be in the database (a base backup, or a
dump of everything), and the district's schema must carry the mark of the newest disposition that is in the ledger (a
dump of one schema).
"""

import json
import logging
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.signals import connection_created
from psycopg import sql

from ledger.chain import Entry
from ledger.places import ENTRIES, folder_of, last_line
from tenants.errors import DistrictClosedError
from tenants.models import District

log = logging.getLogger(__name__)

MARKED = (
    "reset", "restore", "postponed", "anonymization", "destruction", "transfer_recalled", "hold_placed", "hold_lifted",
)  # fmt: skip
"""Kinds of entries that change what a district's schema may hold."""
MARK = "yearturn:"
COMPARE = """
SELECT (SELECT digest FROM public.ledger_ledgerentry WHERE district_id = %(district)s AND number = %(published)s),
       coalesce((SELECT max(number) FROM public.ledger_ledgerentry
                 WHERE district_id = %(district)s AND kind = ANY(%(marked)s)), 0),
       coalesce(substring(obj_description(to_regnamespace(quote_ident(%(schema)s)), 'pg_namespace')
                          FROM '^yearturn:(\\d+)$')::int, 0)
"""
HOW = "run `manage.py replay_dispositions` to do again what is lost; until then nobody enters it"

_open: WeakKeyDictionary[Any, set[int]] = WeakKeyDictionary()


def check_not_behind(district: District) -> None:
    """Refuse a district whose tables are older than its ledger.

    Raises:
        DistrictClosedError: says which of the two comparisons failed.
    """
    connection.close_if_health_check_failed()  # it may connect anew, to another database than before
    connection.ensure_connection()
    known = _open.setdefault(connections[DEFAULT_DB_ALIAS], set())
    if district.pk in known:
        return
    if reason := reason_to_close(district):
        raise DistrictClosedError(f"district {district.pk} is closed: {reason}: {HOW}")
    known.add(district.pk)


def reason_to_close(district: District) -> str:
    """Why a district's tables are older than its ledger; empty when they are not."""
    published = newest_published(district.pk)
    values = {
        "district": district.pk, "schema": district.schema_name, "marked": list(MARKED),
        "published": published.number if published else 0,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, values)
        digest, disposition, mark = cursor.fetchone()
    if published and digest != published.digest:
        gone = "is not in this database" if digest is None else "is another one in this database"
        return f"entry {published.number} of its ledger was published and {gone}"
    if mark < disposition:
        return f"its schema is of before entry {disposition} of its ledger (it carries the mark of {mark or 'none'})"
    return ""


def newest_published(district_id: int) -> Entry | None:
    """The newest entry of a district that was written down outside of the database.

    None when nothing was, and when the folder cannot be read: a mount that is gone closes no district (it is logged).
    """
    try:
        line = last_line(folder_of(district_id) / ENTRIES)
    except OSError as error:
        log.error("what was published of the ledger of district %s cannot be read: %s", district_id, error.strerror)
        return None
    return Entry(**json.loads(line)) if line else None


def mark_schema(district_id: int, number: int) -> None:
    """Let a district's schema say, in the caller's transaction, up to which disposition it goes."""
    schema = District.objects.filter(pk=district_id, removed_at=None).values_list("schema_name", flat=True).first()
    if schema is not None:
        comment = sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(schema), sql.Literal(f"{MARK}{number}"))
        with connection.cursor() as cursor:
            cursor.execute(comment)


def _forget(sender: Any, connection: Any, **_: Any) -> None:
    _open.pop(connection, None)


def forget_on_new_connections() -> None:
    """Ask again on each new connection; called when the app is ready."""
    connection_created.connect(_forget, dispatch_uid="ledger-opening")

"""The roster's epoch: a number that rises whenever any statement touches a table of the roster, whoever runs it.

Triggers raise it, so that no writer can forget to: a bundle that equals the last one applied needs no work only if
nothing else has touched the roster since (a released removal, a merge, an anonymization).
"""

from django.db import connection
from psycopg import sql

from tenants.schema import district_table

WATCHED = (
    "parentorg",
    "school",
    "academicsession",
    "course",
    "section",
    "enrollment",
    "teachingassignment",
    "student",
    "studentidentity",
    "studentdemographics",
    "educator",
    "educatoridentity",
    "educatorrole",
    "guardian",
    "guardianidentity",
    "studentguardian",
)
"""The roster's tables, without `rostering_`."""

FUNCTION = """
CREATE FUNCTION rostering_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval(format('%I.rostering_epoch', TG_TABLE_SCHEMA)::regclass);
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER rostering_touched AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON rostering_{}
FOR EACH STATEMENT EXECUTE FUNCTION rostering_touch()
"""

CREATE = ["CREATE SEQUENCE rostering_epoch", FUNCTION, *(TRIGGER.format(table) for table in WATCHED)]
"""For the migration: unqualified, because it runs inside the district's schema."""
DROP = [
    *(f"DROP TRIGGER rostering_touched ON rostering_{table}" for table in WATCHED),
    "DROP FUNCTION rostering_touch()",
    "DROP SEQUENCE rostering_epoch",
]


def current_epoch() -> int:
    """The roster's epoch now. Sequences ignore transactions, so a rolled-back writer may have raised it: harmless."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT last_value FROM {}").format(district_table("rostering_epoch")))
        return int(cursor.fetchone()[0])

"""When a record of the roster last changed, written by triggers: no writer can forget it, or set it to anything else.

New rows have the column's default, which costs a bulk load nothing; only updates pay for a trigger.
"""

from typing import Final

from rostering.epoch import WATCHED

COLUMN: Final = "modified_at"
"""It says when, and nothing of the record itself: whoever compares records leaves it out."""

FUNCTION = """
CREATE FUNCTION rostering_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.modified_at := statement_timestamp();
    RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER rostering_stamped BEFORE UPDATE ON rostering_{}
FOR EACH ROW EXECUTE FUNCTION rostering_stamp()
"""

CREATE = [FUNCTION, *(TRIGGER.format(table) for table in WATCHED)]
"""For the migration: unqualified, because it runs inside the district's schema."""
DROP = [
    *(f"DROP TRIGGER rostering_stamped ON rostering_{table}" for table in WATCHED),
    "DROP FUNCTION rostering_stamp()",
]

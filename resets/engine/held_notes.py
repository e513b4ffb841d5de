"""What a preview says of holds, in words."""

from django.db import connection
from psycopg import sql

from holds.selectors import held_students
from resets.engine.plan import Ground

STAYS = "What this policy would delete {whose} stays until the hold is lifted. Everything else goes on."


def held_note(ground: Ground) -> str:
    """A sentence on what is on hold in the entered district; empty where nothing is."""
    if not ground.held.anything:
        return ""
    if ground.held.whole_district:
        return "The whole district is on legal hold: nothing is deleted or anonymized until the hold is lifted."
    query = sql.SQL("SELECT count(DISTINCT held.student_id) FROM ({}) AS held").format(held_students(ground.schema))
    with connection.cursor() as cursor:
        cursor.execute(query)
        students = int(cursor.fetchone()[0])
    if students == 1:
        return f"1 student is on legal hold. {STAYS.format(whose='of this student')}"
    return f"{students:,} students are on legal hold. {STAYS.format(whose='of them')}"

"""The SQL of a merge and of its undo: set-based, one relation at a time, schema-qualified."""

from psycopg import sql

from resets.merging.relations import Keyed
from tenants.schema import district_table

UNDO = "rostering_mergeundo"
COUNT = """
SELECT {name}, count(*) FILTER (WHERE t.{key} = {stays}), count(*) FILTER (WHERE t.{key} = {goes}), {aside}
FROM {relation} AS t WHERE t.{key} IN ({stays}, {goes}) AND {only}
"""
COLLIDING = "count(*) FILTER (WHERE t.{key} = {goes} AND ({both}))"
CHILDREN = """
SELECT {child_name}, 0, count(*), count(*) FROM {child} AS c
WHERE c.{parent} IN (SELECT t.{id} FROM {relation} AS t WHERE {condition})
"""
PUT_ASIDE = """
WITH gone AS (DELETE FROM {relation} AS t WHERE {condition} RETURNING t.*)
INSERT INTO {undo} (merge_id, student_id, relation, position, moved, aside)
SELECT {merge}, {stays}, {name}, {position}, '[]', coalesce(jsonb_agg(to_jsonb(gone)), '[]') FROM gone
RETURNING jsonb_array_length(aside)
"""
GIVE = """
WITH given AS (UPDATE {relation} AS t SET {key} = {stays} WHERE t.{key} = {goes} AND {only} RETURNING {keys})
UPDATE {undo} AS u SET moved = (SELECT coalesce(jsonb_agg(to_jsonb(given)), '[]') FROM given)
WHERE u.merge_id = {merge} AND u.relation = {name} RETURNING jsonb_array_length(u.moved)
"""
GIVE_BACK = """
UPDATE {relation} AS t SET {key} = {goes} FROM {undo} AS u
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{relation}, u.moved) AS k
WHERE u.merge_id = {merge} AND u.relation = {name} AND t.{key} = {stays} AND {same}
"""
BRING_BACK = """
INSERT INTO {relation} SELECT k.* FROM {undo} AS u
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{relation}, u.aside) AS k
WHERE u.merge_id = {merge} AND u.relation = {name}
"""


class Words:
    """The statements of one pair: `stays` keeps the data, `goes` is merged into the other."""

    def __init__(self, stays: int, goes: int, merge: str = "") -> None:
        self.parts: dict[str, sql.Composable] = {
            "stays": sql.Literal(stays),
            "goes": sql.Literal(goes),
            "merge": sql.Literal(merge),
            "undo": district_table(UNDO),
        }

    def count(self, keyed: Keyed) -> sql.Composed:
        """Rows of each of the two, and how many of the second's collide with the first's."""
        can_collide = keyed.once or keyed.always_aside
        aside = self._filled(COLLIDING, keyed, both=self._both(keyed)) if can_collide else sql.SQL("0")
        return self._filled(COUNT, keyed, aside=aside)

    def count_children(self, keyed: Keyed, child: str, column: str) -> sql.Composed:
        """Rows of a child table that go aside with their parents, said like a relation's."""
        return self._filled(
            CHILDREN, keyed, child_name=sql.Literal(child), child=district_table(child),
            parent=sql.Identifier(column), id=sql.Identifier("id"), condition=self._aside(keyed),
        )  # fmt: skip

    def put_children_aside(self, keyed: Keyed, child: str, column: str, position: int) -> sql.Composed:
        """Keep and delete the child rows of what is put aside."""
        parents = self._filled(
            "SELECT t.id FROM {relation} AS t WHERE {condition}", keyed, condition=self._aside(keyed)
        )
        condition = sql.SQL("t.{} IN ({})").format(sql.Identifier(column), parents)
        return sql.SQL(PUT_ASIDE).format(
            **self.parts, relation=district_table(child), name=sql.Literal(child), condition=condition,
            position=sql.Literal(position),
        )  # fmt: skip

    def put_aside(self, keyed: Keyed, position: int) -> sql.Composed:
        """Keep and delete the rows that both have."""
        return self._filled(PUT_ASIDE, keyed, condition=self._aside(keyed), position=sql.Literal(position))

    def give(self, keyed: Keyed) -> sql.Composed:
        """Give the other rows to the one who stays."""
        columns = [sql.SQL("t.{}").format(sql.Identifier(name)) for name in keyed.keys or (keyed.column,)]
        return self._filled(GIVE, keyed, keys=sql.SQL(", ").join(columns))

    def give_back(self, keyed: Keyed) -> sql.Composed:
        """Give the rows back that were given, as far as they still belong to the one who stayed."""
        same = [sql.SQL("t.{0} = k.{0}").format(sql.Identifier(name)) for name in keyed.keys]
        return self._filled(GIVE_BACK, keyed, same=sql.SQL(" AND ").join(same) if same else sql.SQL("true"))

    def bring_back(self, relation: str) -> sql.Composed:
        """Insert what was put aside, exactly as it was."""
        return sql.SQL(BRING_BACK).format(**self.parts, relation=district_table(relation), name=sql.Literal(relation))

    def _filled(self, template: str, keyed: Keyed, **more: sql.Composable) -> sql.Composed:
        return sql.SQL(template).format(
            **self.parts,
            **more,
            relation=district_table(keyed.relation),
            name=sql.Literal(keyed.relation),
            key=sql.Identifier(keyed.column),
            only=sql.SQL(keyed.only),
        )

    def _aside(self, keyed: Keyed) -> sql.Composed:
        return self._filled("t.{key} = {goes} AND {only} AND ({both})", keyed, both=self._both(keyed))

    def _both(self, keyed: Keyed) -> sql.Composable:
        """SQL for: the one who stays has such a row too, and can have only one."""
        if keyed.always_aside:
            return sql.SQL("true")
        alike = [
            self._filled(
                "EXISTS (SELECT FROM {relation} AS o WHERE o.{key} = {stays}{same})",
                keyed,
                same=sql.SQL("").join(sql.SQL(" AND o.{0} = t.{0}").format(sql.Identifier(name)) for name in columns),
            )
            for columns in keyed.once
        ]
        return sql.SQL(" OR ").join(alike) if alike else sql.SQL("false")

"""Everything PostgreSQL's catalogue says about a schema, without the schema's own name, for comparing two."""

from django.db import connection

QUERIES = {
    "tables": """
        SELECT c.relname, c.relkind, c.reloptions, c.relpersistence, c.relispartition,
               pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid)
        FROM pg_class c WHERE c.relnamespace = %s::regnamespace""",
    "columns": """
        SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               a.attgenerated, a.attstorage, a.attcompression, a.attstattarget, coll.collname,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_collation coll ON coll.oid = a.attcollation
        WHERE c.relnamespace = %s::regnamespace AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT c.relname, k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated, k.coninhcount,
               pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = %s::regnamespace""",
    "indexes": """
        SELECT t.relname, i.relname, pg_get_indexdef(i.oid), x.indisunique, x.indisprimary, x.indisvalid
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE i.relnamespace = %s::regnamespace""",
    "sequences": """
        SELECT c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache,
               s.seqcycle
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid WHERE c.relnamespace = %s::regnamespace""",
    "triggers": """
        SELECT c.relname, pg_get_triggerdef(g.oid)
        FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
        WHERE NOT g.tgisinternal AND c.relnamespace = %s::regnamespace""",
    "functions": "SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = %s::regnamespace",
    "types": "SELECT t.typname, t.typtype FROM pg_type t WHERE t.typnamespace = %s::regnamespace",
    "statistics": """
        SELECT s.stxname, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s
        WHERE s.stxnamespace = %s::regnamespace""",
    "inheritance": """
        SELECT child.relname, parent.relname FROM pg_inherits h
        JOIN pg_class child ON child.oid = h.inhrelid JOIN pg_class parent ON parent.oid = h.inhparent
        WHERE child.relnamespace = %s::regnamespace""",
}


def describe_schema(schema: str) -> dict[str, list[str]]:
    """What the catalogue says about each part of a schema, as sorted lines."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for part, query in QUERIES.items():
            cursor.execute(query, [schema])
            found[part] = sorted(repr(row).replace(schema, "SCHEMA") for row in cursor.fetchall())
        cursor.execute(f'SELECT app, name FROM "{schema}".django_migrations ORDER BY id')
        found["migrations"] = [repr(row) for row in cursor.fetchall()]
    return found

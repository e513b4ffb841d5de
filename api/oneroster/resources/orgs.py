"""Schools, and the orgs above them. A district whose roster has no org above its schools is one itself."""

from api.oneroster.fields import Field, Kind
from api.oneroster.resource import Resource, base, word
from rostering.oneroster.specs_roster import ORG_TYPES

DISTRICT = "district"
"""The sourcedId of the district where its roster names none."""
TOP = """(SELECT coalesce((SELECT p.sourced_id FROM {parentorg} AS p
ORDER BY p.is_active DESC, (p.kind = 'district') DESC, p.id LIMIT 1), 'district'))"""
"""The org that stands for the district: whoever belongs to no school belongs to it."""

RELATION = """(
SELECT sourced_id, name, 'school' AS kind, number AS identifier, parent_sourced_id, is_active, modified_at,
       id AS school_id FROM {school}
UNION ALL
SELECT sourced_id, name, kind, identifier, parent_sourced_id, is_active, modified_at, NULL FROM {parentorg}
UNION ALL
SELECT 'district', 'The district', 'district', '', '', true, '2020-01-01T00:00:00Z'::timestamptz, NULL
WHERE NOT EXISTS (SELECT FROM {parentorg})
) AS o"""
KNOWN = """(SELECT sourced_id FROM {parentorg} UNION ALL SELECT sourced_id FROM {school})"""
PARENT = f"""CASE WHEN o.parent_sourced_id IN {KNOWN} THEN o.parent_sourced_id
WHEN o.kind = 'school' THEN {TOP} END"""
CHILDREN = f"""ARRAY(
SELECT c.sourced_id FROM {{school}} AS c WHERE c.parent_sourced_id = o.sourced_id
UNION ALL SELECT c.sourced_id FROM {{parentorg}} AS c WHERE c.parent_sourced_id = o.sourced_id
UNION ALL SELECT c.sourced_id FROM {{school}} AS c
WHERE o.kind <> 'school' AND o.sourced_id = {TOP} AND c.parent_sourced_id NOT IN {KNOWN}
ORDER BY 1)"""

FIELDS = (
    *base("o.modified_at", "o.is_active", "o.sourced_id"),
    Field("name", "o.name", needed=True),
    Field("type", word("o.kind", ORG_TYPES), Kind.WORD, words=ORG_TYPES),
    Field("identifier", "o.identifier", needed=True),
    Field("parent", PARENT, Kind.REF, to="org"),
    Field("children", CHILDREN, Kind.REFS, to="org"),
)

ORGS = Resource(
    plural="orgs",
    single="org",
    relation=RELATION,
    key="o.sourced_id",
    fields=FIELDS,
    school="o.school_id = %s OR o.school_id IS NULL",
)
SCHOOLS = Resource(
    plural="orgs",
    single="org",
    relation=RELATION,
    key="o.sourced_id",
    fields=FIELDS,
    where="o.kind = 'school'",
    school="o.school_id = %s",
)

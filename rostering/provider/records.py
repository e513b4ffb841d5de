"""From a provider's JSON to the CSV binding, by the declared columns: one row for one object."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from rostering.oneroster.columns import NEW, Column, FileSpec, Kind
from rostering.oneroster.specs import BY_NAME

COLLECTIONS: Final = ("enrollments", "demographics", "classes", "courses", "users", "orgs", "academicSessions")
"""In the order of reading: what refers comes before what it refers to, which so has whatever was added meanwhile."""
NEEDED: Final = ("academicSessions", "orgs", "users")
"""Collections of which a whole reading cannot have none."""
REST_NAMES: Final = {
    "preferredGivenName": "preferredFirstName",
    "preferredFamilyName": "preferredLastName",
    "birthdate": "birthDate",
}
"""Names that the REST binding writes in another way than the CSV binding."""

ROLE_KEY: Final = "role-"
"""How the keys of roles begin, which have none in the REST binding."""

Record = Mapping[str, Any]


def row_of(record: Record, spec: FileSpec, version: str, *, whole: bool) -> list[str]:
    """An object as a row of its file, in the order of the file's columns.

    Args:
        whole: the file is bulk, where status and dateLastModified are blank.
    """
    return [
        "" if whole and column.name in ("status", "dateLastModified") else value_of(record, column)
        for column in spec.of(version)
    ]


def value_of(record: Record, column: Column) -> str:
    """What an object says of a column, as text. Passwords are left where they are."""
    name = column.name
    if column.kind is Kind.SECRET:
        return ""
    if column.kind is Kind.REF and name != "sourcedId":
        return _key(record.get(name.removesuffix("SourcedId")))
    if column.kind is Kind.REFS:
        return _keys(record.get(f"{name.removesuffix('SourcedIds')}s"))
    if name == "userIds":
        return _user_ids(record.get(name))
    return _text(record.get(name, record.get(REST_NAMES.get(name, name))))


def role_rows(user: Record, *, whole: bool) -> Iterator[list[str]]:
    """The rows of roles.csv for a user of OneRoster 1.2, whose roles are part of the user."""
    spec = BY_NAME["roles"]
    roles = [role for role in _listed(user.get("roles")) if isinstance(role, Mapping)]
    for key, role in {role_key(user, role): role for role in reversed(roles)}.items():
        record = {
            **role,
            "sourcedId": key,
            "user": {"sourcedId": _text(user.get("sourcedId"))},
            "status": "active",
            "dateLastModified": user.get("dateLastModified"),
        }
        yield row_of(record, spec, NEW[0], whole=whole)


def role_key(user: Record, role: Record) -> str:
    """A key for a role, which has none in the REST binding: the same for the same user, role and org."""
    said = "\n".join((_text(user.get("sourcedId")), _text(role.get("role")), _key(role.get("org"))))
    return f"{ROLE_KEY}{sha256(said.encode()).hexdigest()[:40]}"


def is_leaving(record: Record) -> bool:
    """Whether the provider marks the object as to be deleted."""
    return _text(record.get("status")).lower() in ("tobedeleted", "inactive", "deleted")


def _key(reference: Any) -> str:
    """The sourcedId that a reference names; some providers write it bare."""
    return _text(reference.get("sourcedId") if isinstance(reference, Mapping) else reference)


def _keys(references: Any) -> str:
    return ",".join(key for key in map(_key, _listed(references)) if key)


def _user_ids(found: Any) -> str:
    """`{type:identifier}`, comma-joined, as the CSV binding writes them."""
    pairs = [each for each in _listed(found) if isinstance(each, Mapping)]
    return ",".join(f"{{{_text(pair.get('type'))}:{_text(pair.get('identifier'))}}}" for pair in pairs)


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [] if found in (None, "") else [found]


def _text(found: Any) -> str:
    if found is None or isinstance(found, Mapping):
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, list):
        return ",".join(filter(None, map(_text, found)))
    return str(found)

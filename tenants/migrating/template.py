"""The SQL that makes a district's schema in one round trip, captured once from the real migrations.

Migrating a new schema takes seconds, most of them Django's own. The statements are always the same, so they are
captured while a hidden schema is migrated, kept in the public schema, and replayed for each new district.
"""

import secrets

from django.db import transaction
from django_tenants.utils import schema_context

from tenants.locks import Lock, take_lock
from tenants.migrating.capture import captured_statements, create_schema, drop_schema, migrate_schema
from tenants.migrating.state import digest_of, known_migrations
from tenants.models import SchemaTemplate

SEPARATOR = ";\n"
KEPT = 10


class TemplateError(RuntimeError):
    """The captured SQL names its own schema, so it cannot be replayed in another one."""


def current_template() -> SchemaTemplate:
    """The template of today's migrations, captured first when there is none.

    Raises:
        TemplateError: a migration writes a schema's name into its SQL.
    """
    known = known_migrations()
    digest = digest_of(known, known)
    return find_template(digest) or _capture(digest)


def find_template(digest: str) -> SchemaTemplate | None:
    """The template kept under a digest, if there is one."""
    with schema_context("public"):
        return SchemaTemplate.objects.filter(pk=digest).first()


def keep_template(digest: str, statements: str) -> SchemaTemplate:
    """Keep captured SQL under its digest; of older templates only the newest stay."""
    with schema_context("public"), transaction.atomic():
        template, _ = SchemaTemplate.objects.update_or_create(digest=digest, defaults={"statements": statements})
        newest = SchemaTemplate.objects.order_by("-created_at").values("pk")[:KEPT]
        SchemaTemplate.objects.exclude(pk__in=newest).delete()
    return template


def joined(statements: list[str], schema: str) -> str:
    """Captured statements as one text that runs in any schema.

    Raises:
        TemplateError: a statement names the schema that it was captured in.
    """
    text = SEPARATOR.join(statements)
    if schema in text:
        raise TemplateError("a migration's SQL names its schema: write unqualified names, the search path finds them")
    return text


def _capture(digest: str) -> SchemaTemplate:
    """Migrate a hidden schema, write down how, and drop it, all in one transaction."""
    hidden = f"template_{secrets.token_hex(8)}"
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.PROVISION)
        if found := find_template(digest):
            return found
        create_schema(hidden)
        with captured_statements() as statements:
            migrate_schema(hidden)
        drop_schema(hidden)
        return keep_template(digest, joined(statements, hidden))

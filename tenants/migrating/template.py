"""The SQL that makes a district's schema in one round trip, captured once from the real migrations.

Migrating a new schema takes seconds, most of them Django's own. The statements are always the same, so they are
captured while a hidden schema is migrated, kept in the public schema, and replayed for each new district.
"""

import secrets

from django.db import transaction
from django_tenants.utils import schema_context

from tenants.locks import Lock, take_lock
from tenants.migrating.capture import captured_statements, create_schema, drop_schema, migrate_schema
from tenants.migrating.state import source_digest, state_digest, wanted_state
from tenants.models import SchemaTemplate

SEPARATOR = ";\n"


class TemplateError(RuntimeError):
    """The captured SQL names its own schema, so it cannot be replayed in another one."""


def current_template() -> SchemaTemplate:
    """The template of today's migrations, captured first when there is none.

    Raises:
        TemplateError: a migration writes a schema's name into its SQL.
    """
    digest = source_digest()
    with schema_context("public"):
        found = SchemaTemplate.objects.filter(pk=digest).first()
    return found or _capture(digest)


def keep_template(digest: str, statements: str) -> SchemaTemplate:
    """Keep captured SQL under its digest; templates of the same migrations from before an edit are replaced."""
    state = state_digest(wanted_state())
    with schema_context("public"), transaction.atomic():
        SchemaTemplate.objects.filter(state=state).exclude(pk=digest).delete()
        template, _ = SchemaTemplate.objects.update_or_create(
            digest=digest, defaults={"state": state, "statements": statements}
        )
    return template


def _capture(digest: str) -> SchemaTemplate:
    """Migrate a hidden schema, write down how, and drop it, all in one transaction."""
    hidden = f"template_{secrets.token_hex(8)}"
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.PROVISION)
        found = SchemaTemplate.objects.filter(pk=digest).first()
        if found:
            return found
        create_schema(hidden)
        with captured_statements() as statements:
            migrate_schema(hidden)
        drop_schema(hidden)
        text = SEPARATOR.join(statements)
        if hidden in text:
            raise TemplateError("a migration's SQL names its schema; write it without, or schema-independent")
        return keep_template(digest, text)

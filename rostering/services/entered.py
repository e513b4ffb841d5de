"""The district that is entered."""

from django_tenants.utils import schema_context

from tenants.models import District
from tenants.schema import current_schema


def entered_district() -> District:
    """The entered district's row, as the database has it now."""
    schema = current_schema()
    with schema_context("public"):
        return District.objects.get(schema_name=schema, removed_at=None)

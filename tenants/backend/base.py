"""django-tenants' PostgreSQL backend, less one round trip for a request of the same district as the one before."""

from typing import Any

from django_tenants.postgresql_backend import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows what search_path the session has, and does not send it again.

    The knowledge is forgotten by every rollback, savepoint rollback and reconnection (django-tenants does that),
    because each of them may take the setting back.
    """

    search_path_set_schemas: list[str] | None

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Switch to a schema; the session is told with the next query, unless it has this path already."""
        known = self.search_path_set_schemas
        super().set_tenant(tenant, include_public)
        if known and known == self._get_cursor_search_paths():
            self.search_path_set_schemas = known

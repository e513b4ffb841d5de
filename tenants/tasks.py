"""The base of every Celery task that works in a district. It fails closed."""

import logging
from typing import Any

from celery import Task
from django_tenants.utils import schema_context

from tenants.errors import DistrictError
from tenants.models import RefusedTask
from tenants.schema import enter_district, find_district

log = logging.getLogger(__name__)


class DistrictTask(Task):  # type: ignore[type-arg]
    """Enters the district's schema before the body runs, and does not run it when that cannot be done safely.

    The message must carry `district_id` and `schema_name`. A missing, renamed or removed district is refused without
    one query of the body, and the refusal is recorded; it is not retried, because time does not mend it.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the body inside the district, or record why not."""
        district_id, schema_name = kwargs.get("district_id"), kwargs.get("schema_name")
        try:
            district = find_district(district_id, schema_name)
            with enter_district(district):
                return super().__call__(*args, **kwargs)
        except DistrictError as error:
            self._refuse(district_id, schema_name, str(error))
            return None

    def _refuse(self, district_id: int | None, schema_name: str | None, reason: str) -> None:
        log.error("task %s refused: %s", self.name, reason)
        with schema_context("public"):
            RefusedTask.objects.create(
                task=self.name or "", district_id=district_id, schema_name=schema_name or "", reason=reason[:500]
            )

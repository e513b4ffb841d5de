"""The base of every Celery task that works in a district. It fails closed."""

import logging
from contextlib import ExitStack
from typing import Any

from celery import Task
from django_tenants.utils import schema_context

from tenants.errors import DistrictClosedError, DistrictError
from tenants.models import RefusedTask
from tenants.schema import enter_district, find_district

log = logging.getLogger(__name__)


class DistrictTask(Task):  # type: ignore[type-arg]
    """Enters the district's schema before the body runs, and does not run it when that cannot be done safely.

    The message must carry `district_id` and `schema_name`. A missing, renamed or removed district is refused without
    one query of the body, and the refusal is recorded; it is not retried, because time does not mend it. A district
    that is closed is not entered either, but opens again: its work waits.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the body inside the district, or record why not."""
        district_id, schema_name = kwargs.get("district_id"), kwargs.get("schema_name")
        entered = False
        district_id = district_id if isinstance(district_id, int) else None
        try:
            with ExitStack() as stack:
                stack.enter_context(enter_district(find_district(district_id, schema_name)))
                entered = True
                return super().__call__(*args, **kwargs)
        except DistrictClosedError as error:
            if entered:
                raise
            log.warning("task %s waits: %s", self.name, error)  # a job is sent again until its district is open
            return None
        except DistrictError as error:
            if entered:
                raise
            self._refuse(district_id, schema_name, str(error))
            self.refused(str(error), args, kwargs)
            return None

    def refused(self, reason: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """What else to do when the body was not run; nothing, unless a task says otherwise."""

    def _refuse(self, district_id: int | None, schema_name: str | None, reason: str) -> None:
        log.error("task %s refused: %s", self.name, reason)
        known_as = str(schema_name or "")[:63]
        with schema_context("public"):
            RefusedTask.objects.create(
                task=self.name or "", district_id=district_id, schema_name=known_as, reason=reason[:500]
            )

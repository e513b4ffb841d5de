"""The addresses of the run's page, its progress, and the switch, inside the admin."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse

from resets.desk.controls import controls_page
from resets.desk.restore import restore_page
from resets.desk.run import run_page, run_progress
from tenants.desk import desk_pages


class RunPages:
    """Adds the pages to a list's own, and shows a run on a page of its own instead of a form."""

    admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """The pages, before the list's own, one of which takes any word for a key."""
        views: dict[str, tuple[str, Any]] = {
            "resets_controls": ("controls/", controls_page),
            "resets_restore": ("<uuid:key>/restore/", restore_page),
            "resets_run_progress": ("<uuid:key>/progress/", run_progress),
        }
        return [*desk_pages(self.admin_site, views), *super().get_urls()]  # type: ignore[misc]

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """The run's page."""
        return run_page(request, object_id)

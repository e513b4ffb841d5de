"""The addresses of the pages on which dates are picked, for one district and for many, and of a reset's year's data."""

from typing import Any

from django.contrib.admin import AdminSite

from resets.desk.bulk import bulk_page
from resets.desk.bulk_result import bulk_result_csv, bulk_result_page
from resets.desk.export import export_page
from resets.desk.pick import pick_first_page, pick_page
from tenants.desk import desk_pages


class DatePages:
    """Adds the pages to a list's own; each narrows itself to the own book."""

    admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """The pages, before the list's own, one of which takes any word for a key."""
        views: dict[str, tuple[str, Any]] = {
            "resets_pick": ("<str:object_id>/date/", pick_page),
            "resets_export": ("<str:object_id>/data/", export_page),
            "resets_pick_first": ("first/<str:district_id>/<slug:suite>/<int:school_year>/", pick_first_page),
            "resets_bulk": ("dates/", bulk_page),
            "resets_bulk_result": ("dates/<uuid:key>/", bulk_result_page),
            "resets_bulk_csv": ("dates/<uuid:key>.csv", bulk_result_csv),
        }
        return [*desk_pages(self.admin_site, views), *super().get_urls()]  # type: ignore[misc]

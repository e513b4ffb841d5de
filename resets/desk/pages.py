"""The addresses of the board, the calendar, the timelines, legal holds and the support visits, inside the admin."""

from typing import Any

from django.contrib.admin import AdminSite

from resets.desk.board_csv import board_csv
from resets.desk.board_views import board_view
from resets.desk.calendar_views import calendar_view
from resets.desk.holds import holds_page
from resets.desk.timeline_views import timeline_view
from resets.desk.visits import visit_page
from tenants.desk import desk_pages


class BoardPages:
    """Adds the pages to a list's own; each narrows itself to the own book."""

    admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """The pages, before the list's own, one of which takes any word for a key."""
        views: dict[str, tuple[str, Any]] = {
            "resets_board": ("board/", board_view),
            "resets_board_csv": ("board.csv", board_csv),
            "resets_calendar": ("calendar/", calendar_view),
            "resets_timeline": ("timeline/<int:district>/", timeline_view),
            "resets_holds": ("holds/<int:district>/", holds_page),
            "resets_visit": ("visit/<int:district>/", visit_page),
        }
        return [*desk_pages(self.admin_site, views), *super().get_urls()]  # type: ignore[misc]

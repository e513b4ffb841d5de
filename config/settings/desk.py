"""How the CSM's desk looks: names, colours, and the list at its side."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _page(title: str, icon: str, model: str, *others: str) -> dict[str, Any]:
    """A list, lit on its own pages and the others named; the theme would light every list above an address."""
    link = reverse_lazy(f"admin:{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "active": _is_on(f"{model}_", *others)}


def _own(title: str, icon: str, name: str, *others: str) -> dict[str, Any]:
    """A page of ours that is no list."""
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}"), "active": _is_on(name, *others)}


def _is_on(*starts: str) -> Callable[[HttpRequest], bool]:
    """Whether the page that is asked for has a name that begins so."""

    def is_on(request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is not None and (match.url_name or "").startswith(starts)

    return is_on


def _for_superusers(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "permission": _is_superuser}


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Yearturn",
    "SITE_HEADER": "Yearturn",
    "SITE_SUBHEADER": "The desk",
    "SITE_SYMBOL": "event_repeat",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("yearturn.svg")}],
    "STYLES": [lambda _: static("desk.css"), lambda _: static("desk-board.css")],
    "ENVIRONMENT": "resets.desk.controls.environment",
    "SCRIPTS": [lambda _: static("desk.js")],
    "DASHBOARD_CALLBACK": "resets.desk.today.add_today",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "oklch(98.4% .014 180.72)",
            "100": "oklch(95.3% .051 180.801)",
            "200": "oklch(91% .096 180.426)",
            "300": "oklch(85.5% .138 181.071)",
            "400": "oklch(77.7% .152 181.912)",
            "500": "oklch(60% .118 184.704)",
            "600": "oklch(51.1% .096 186.391)",
            "700": "oklch(43.7% .078 188.216)",
            "800": "oklch(38.6% .063 188.416)",
            "900": "oklch(32% .052 188.4)",
            "950": "oklch(27.7% .046 192.524)",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "navigation": [
            {
                "title": "The year's end",
                "items": [
                    _own("Board", "view_list", "resets_board", "resets_bulk", "resets_timeline"),
                    _own("Calendar", "calendar_view_month", "resets_calendar"),
                    _page("Reset dates", "calendar_month", "resets_resetschedule", "resets_pick"),
                    _page("Runs", "verified", "resets_resetrun"),
                    _own("Stop and ceiling", "front_hand", "resets_controls"),
                    _own("School year", "date_range", "resets_year_now", "resets_year"),
                    _page("Reset windows", "tune", "resets_resetwindow"),
                ],
            },
            {
                "title": "The book",
                "items": [
                    _page("Districts", "location_city", "tenants_district"),
                    _page("Subscriptions", "inventory_2", "products_subscription"),
                ],
            },
            {
                "title": "Correspondence",
                "items": [
                    _page("Letters", "mail", "correspondence_letter"),
                    {
                        "title": "Next 14 days",
                        "icon": "outgoing_mail",
                        "link": reverse_lazy("admin:correspondence_upcoming"),
                    },
                    {
                        "title": "Templates",
                        "icon": "edit_note",
                        "link": reverse_lazy("admin:correspondence_templates"),
                    },
                ],
            },
            {
                "title": "The record",
                "items": [
                    _page("Approvals", "how_to_reg", "approvals_approval"),
                    _page("Archive", "archive", "archive_years_archivedyear"),
                    _page("Certificates", "workspace_premium", "certificates_certificate"),
                    _page("Requests", "inbox", "disposal_case"),
                    _page("Year packages", "inventory_2", "packages_package"),
                    _page("Searches", "manage_search", "sweeps_sweep"),
                    _page("Incidents", "report", "sweeps_incident"),
                    _page("Ledger", "receipt_long", "ledger_ledgerentry"),
                    _page("Jobs", "pending_actions", "tenants_job"),
                    _page("Refused tasks", "block", "tenants_refusedtask"),
                ],
            },
            {
                "title": "Staff",
                "items": [
                    _for_superusers(_page("Customer success managers", "support_agent", "tenants_csm")),
                    _for_superusers(_page("Log-ins", "badge", "accounts_user")),
                ],
            },
        ],
    },
}

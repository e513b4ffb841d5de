"""The one permission matrix: which roles may open which URL, and how much of it is theirs to see.

Vendor roles exist in the public schema only and district roles in a district's only (the database holds it), so a name
that both hosts serve may list both. A URL that is missing here is refused.
"""

import enum
from collections.abc import Mapping
from typing import Final

from django.urls import ResolverMatch

from accounts.models import DISTRICT_ROLES, VENDOR_ROLES, Role


class Scope(enum.StrEnum):
    """How much of what a page shows belongs to a role; the page's own queries hold it."""

    EVERYTHING = "everything"
    BOOK = "the districts of their own book"
    DISTRICT = "their district"
    SCHOOL = "their own school"
    CLASSES = "their own classes"
    SELF = "themselves"


Roles = Mapping[Role, Scope]
ANYBODY: Final = None
"""Open without logging in."""

VENDOR: Final[Roles] = {Role.SUPERUSER: Scope.EVERYTHING, Role.CSM: Scope.BOOK}
DISTRICT_ADMIN: Final[Roles] = {Role.DISTRICT_ADMIN: Scope.DISTRICT}
ADMINS: Final[Roles] = {**DISTRICT_ADMIN, Role.SCHOOL_ADMIN: Scope.SCHOOL}
DISTRICT_PEOPLE: Final[Roles] = {**ADMINS, Role.EDUCATOR: Scope.CLASSES}
THEMSELVES: Final[Roles] = dict.fromkeys((*VENDOR_ROLES, *DISTRICT_ROLES), Scope.SELF)
VISITOR: Final[Roles] = {Role.SUPPORT: Scope.DISTRICT}

PEOPLE: Final[Mapping[str, Roles | None]] = {
    # Both hosts
    "healthz": ANYBODY,
    "oauth_token": ANYBODY,
    "oauth_revoke": ANYBODY,
    "login": ANYBODY,
    "logout": ANYBODY,
    "password_change": THEMSELVES,
    "password_change_done": THEMSELVES,
    "password_reset": ANYBODY,
    "password_reset_done": ANYBODY,
    "password_reset_confirm": ANYBODY,
    "password_reset_complete": ANYBODY,
    "home": {**VENDOR, **DISTRICT_PEOPLE},
    # A district's host: rosters
    "rosters": ADMINS,
    "roster_upload": DISTRICT_ADMIN,
    "rostering_complete": DISTRICT_ADMIN,
    "roster_source": DISTRICT_ADMIN,
    "roster_nightly": DISTRICT_ADMIN,
    "roster_provider": DISTRICT_ADMIN,
    "roster_provider_remove": DISTRICT_ADMIN,
    "roster_provider_test": DISTRICT_ADMIN,
    "roster_pull": DISTRICT_ADMIN,
    "sftp_key_add": DISTRICT_ADMIN,
    "sftp_key_remove": DISTRICT_ADMIN,
    "sync": ADMINS,
    "sync_errors_csv": ADMINS,
    "sync_release": DISTRICT_ADMIN,
    # A district's host: people
    "people": DISTRICT_PEOPLE,
    "people_educators": ADMINS,
    "people_educators_remove": ADMINS,
    "people_removal": ADMINS,
    "people_students": DISTRICT_PEOPLE,
    "people_student": DISTRICT_PEOPLE,
    "people_student_twice": ADMINS,
    "people_student_merge": ADMINS,
    "people_merge": ADMINS,
    "people_section": DISTRICT_PEOPLE,
    # A district's host: transfers of student data
    "transfers": ADMINS,
    "transfers_code": ADMINS,
    "transfers_code_continue": ADMINS,
    "transfers_give": ADMINS,
    "transfers_give_find": ADMINS,
    "transfers_generate": ADMINS,
    "transfers_revoke": ADMINS,
    "transfers_request": ADMINS,
    "transfers_request_mail": ADMINS,
    # A district's host: resets
    "resets": ADMINS,
    "reset_preview": ADMINS,
    "reset_run": ADMINS,
    "reset_run_progress": ADMINS,
    "readiness": ADMINS,
    "readiness_item": ADMINS,
    "readiness_csv": ADMINS,
    "calendar_address": DISTRICT_ADMIN,
    "calendar_feed": ANYBODY,  # its address is the secret
    # A district's host: Hero's settings
    "hero": ADMINS,
    "hero_switch": ADMINS,
    "hero_school": ADMINS,
    "hero_notification": ADMINS,
    "hero_setting": ADMINS,
    "hero_setting_add": ADMINS,
    "hero_setting_remove": ADMINS,
    # A district's host: imports of transferred students
    "transfers_progress": ADMINS,
    "transfers_import": ADMINS,
    "transfers_review": ADMINS,
    "transfers_review_student": ADMINS,
    "transfers_import_students": ADMINS,
    "transfers_import_cancel": ADMINS,
    "transfers_import_undo": ADMINS,
    "transfers_import_split": ADMINS,
    "transfers_log": ADMINS,
    # A district's host: records
    "archive": ADMINS,
    "holds": DISTRICT_ADMIN,
    "hold_place": DISTRICT_ADMIN,
    "hold_lift": DISTRICT_ADMIN,
    "requests": DISTRICT_ADMIN,
    "request_new": DISTRICT_ADMIN,
    "request": DISTRICT_ADMIN,
    "request_download": DISTRICT_ADMIN,
    "anonymized": DISTRICT_ADMIN,
    "anonymized_csv": DISTRICT_ADMIN,
    "certificates": ADMINS,
    "certificate": ADMINS,
    "certificate_of_entry": ADMINS,
    "certificate_pdf": ADMINS,
    "certificate_json": ADMINS,
    # A district's host: year-end reports
    "reports": DISTRICT_PEOPLE,
    "reports_taken": DISTRICT_ADMIN,
    "report": DISTRICT_PEOPLE,
    "report_summary": DISTRICT_PEOPLE,
    "report_print": DISTRICT_PEOPLE,
    "report_download": DISTRICT_PEOPLE,
    "report_file": DISTRICT_PEOPLE,
    "report_file_download": DISTRICT_PEOPLE,
    "report_file_remove": DISTRICT_PEOPLE,
    "report_deliver": DISTRICT_PEOPLE,
    "report_delivery": DISTRICT_PEOPLE,
    "report_delivery_end": DISTRICT_PEOPLE,
    # A district's host: year packages
    "packages": ADMINS,  # a school's admin sees states only: the file holds other schools too
    "package": ADMINS,
    "package_progress": ADMINS,
    "package_download": DISTRICT_ADMIN,
    "package_destroy": DISTRICT_ADMIN,
    "package_keys": DISTRICT_ADMIN,
    "package_key_remove": DISTRICT_ADMIN,
    # A district's host: correspondence
    "letters": DISTRICT_ADMIN,
    # A district's host: webhooks
    "webhooks": DISTRICT_ADMIN,
    "webhook_new": DISTRICT_ADMIN,
    "webhook": DISTRICT_ADMIN,
    "webhook_rotate": DISTRICT_ADMIN,
    "webhook_switch": DISTRICT_ADMIN,
    "webhook_test": DISTRICT_ADMIN,
    "webhook_again": DISTRICT_ADMIN,
    # A district's host: programs that are let in, and the API
    "clients": DISTRICT_ADMIN,
    "client_new": DISTRICT_ADMIN,
    "client": DISTRICT_ADMIN,
    "client_rotate": DISTRICT_ADMIN,
    "client_revoke": DISTRICT_ADMIN,
    "api_run": ADMINS,
    "api_schedules": ADMINS,
    "api_sync": ADMINS,
    "oneroster:": {},
    # A district's host: support visits
    "visit_enter": ANYBODY,
    "visit_over": ANYBODY,
    "visit_end": {},
    "visits": DISTRICT_ADMIN,
    "visit_stop": DISTRICT_ADMIN,
    # The public host
    "certificate_check": ANYBODY,
    "certificate_facts": ANYBODY,  # its address is as long as a secret, and it holds counts only
    "certificate_keys": ANYBODY,
    "admin:": VENDOR,
}

CLIENTS: Final = frozenset({
    "api_run", "api_schedules", "api_sync", "oneroster:",
})  # fmt: skip
"""What a program may open with a token. For which scopes, each view says itself; people's roles are no part of it."""

VISITED: Final = frozenset({
    "home", "visits", "visit_end",
    "rosters", "sync",
    "people", "people_educators", "people_students", "people_student", "people_section",
    "resets", "reset_preview", "reset_run", "reset_run_progress",
    "hero", "hero_school", "readiness", "readiness_item",
    "archive", "holds", "requests", "anonymized", "certificates", "certificate", "certificate_of_entry",
    "reports", "report", "report_summary",
    "packages", "package", "package_progress",
    "transfers", "transfers_give", "transfers_import", "transfers_progress", "transfers_review",
})  # fmt: skip
"""The visitor's column: pages that vendor staff may read during a support visit, as a district admin would see them.

The year-end reports are as somebody outside of the district's staff would read them: no names, no small numbers.

Files with personal data, private addresses and the API are not among them. Whatever stands here, a visitor's request
that is not safe (a POST, say) is refused by the middleware, but for the one that ends the visit.
"""
ENDS_A_VISIT: Final = "visit_end"

MATRIX: Final[Mapping[str, Roles | None]] = {
    entry: {**roles, **VISITOR} if roles is not None and entry in VISITED else roles for entry, roles in PEOPLE.items()
}
"""Who may open what: people's roles, and the visitor's column."""


def entry_of(match: ResolverMatch) -> str:
    """A resolved URL's name in the matrix; a namespace is one entry, `admin:`."""
    return f"{match.namespaces[0]}:" if match.namespaces else (match.url_name or "")


def roles_of(entry: str) -> Roles | None:
    """Who may open an entry of the matrix, and how much of it is theirs; None when anybody may.

    Raises:
        KeyError: the matrix does not know it.
    """
    return MATRIX[entry]


def scope_of(role: str, entry: str) -> Scope | None:
    """How much of an entry a role may see; None when nothing, or when the entry asks for no role."""
    roles = MATRIX[entry] or {}
    return next((scope for allowed, scope in roles.items() if allowed == role), None)

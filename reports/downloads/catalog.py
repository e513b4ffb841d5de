"""The data map of prepared files: who asked for which report. One of a single student goes when their name does."""

from reports.downloads import models
from tenants.datamap import Category, Key, Suite, Table

DOWNLOADS = Suite(
    code="report_downloads",
    name="Prepared reports",
    source="The district's own people, who asked for a report",
    products=(),
    categories=(
        Category(
            "prepared_files",
            "Files of reports that somebody asked for",
            (
                Table(
                    models.PreparedFile,
                    Key.STUDENT,
                    values=(
                        "user_id", "report", "filters", "format", "sight", "state", "asked_at", "made_at",
                        "kept_until", "ledger_seen", "students", "rows", "size", "why", "mail", "claimed_until",
                        "mailed_at", "answer",
                    ),
                    personal=("file",),
                    files=("file",),
                    destroyed=True,
                ),
            ),
            (),
        ),
    ),
)  # fmt: skip
EXEMPT: dict[str, str] = {}
"""Models of the app that the map leaves out, with the reason."""

"""The data map of requests: whose data is to be exported or destroyed, and in whose words."""

from disposal.requests import models
from tenants.datamap import Category, Key, Suite, Table

DISPOSAL = Suite(
    code="disposal",
    name="Requests for export and destruction",
    source="The district's own request, or a parent's through the district",
    products=(),
    categories=(
        Category(
            "disposal_requests",
            "Requests for export and destruction",
            (
                Table(
                    models.DisposalRequest,
                    Key.STUDENT,
                    values=("asker",),
                    personal=("note", "file"),
                    files=("file",),
                    destroyed=True,
                ),
            ),
            (),
        ),
    ),
)
EXEMPT: dict[str, str] = {}
"""Models of the app that the map leaves out, with the reason."""

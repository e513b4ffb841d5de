"""The data map of legal holds. A hold follows its student through a merge, and its reason goes with their name."""

from holds import models
from tenants.datamap import Category, Key, Suite, Table

HOLDS = Suite(
    code="holds",
    name="Legal holds",
    source="The district's own obligation to preserve records",
    products=(),
    categories=(
        Category(
            "legal_holds",
            "Legal holds",
            (
                Table(
                    models.LegalHold,
                    Key.STUDENT,
                    values=("scope", "school_id", "ground", "placed_by", "placed_at", "lifted_by", "lifted_at"),
                    personal=("reason", "lifted_reason"),
                ),
            ),
            (),
        ),
    ),
)

EXEMPT: dict[str, str] = {
    "holds.PostponedRow": "keys of rows that a reset left because of a hold; gone with the rows when the hold is lifted"
}
"""Models of the app that the map leaves out, with the reason."""

"""The data map of transfers: what a district's schema knows of students who come and go.

No reset touches it. Whose identity is destroyed loses their lines here; the
lineage of records stays, under the new key.
"""

from tenants.datamap import Category, Key, Suite, Table
from transfers.imports import models

WHO = ("given_name", "family_name", "student_number", "state_id", "username", "email")
AT_SOURCE = ("source_student_number", "source_state_id", "source_username", "source_email")

TRANSFERS = Suite(
    code="transfers",
    name="Transfers of student data",
    source="Transferring Student Data from Site to Site",
    products=(),
    categories=(
        Category(
            "offered",
            "Students of transfer codes",
            (Table(models.OfferedStudent, Key.STUDENT, values=("offer_id",), destroyed=True),),
            (),
        ),
        Category(
            "requests",
            "E-mails that request data from another site",
            (
                Table(
                    models.DataRequest,
                    Key.DISTRICT,
                    values=("kind", "school_id", "asked_by", "asked_at", "state", "settled_at", "answer"),
                    personal=("recipient", "reply_to", "subject", "body"),
                ),
            ),
            (),
        ),
        Category(
            "staged",
            "Students and records before they are imported",
            (
                Table(
                    models.IncomingStudent,
                    Key.DISTRICT,
                    values=(
                        "transfer_id",
                        "source_key",
                        "grade",
                        "sex",
                        "race",
                        "hispanic_or_latino",
                        "band",
                        "match_key",
                        "decision",
                        "decided_by",
                        "decided_at",
                        "version",
                        "rows",
                    ),
                    personal=(*WHO, "middle_name", "preferred_name", "birth_date", "guardians"),
                ),
                Table(
                    models.StagedRow,
                    Key.PARENT,
                    values=("relation", "school_year", "row_id", "row"),
                    parent="incoming_id",
                    of=models.IncomingStudent,
                ),
            ),
            (),
        ),
        Category(
            "candidates",
            "Students who may be an incoming one",
            (
                Table(
                    models.MatchCandidate,
                    Key.STUDENT,
                    values=("incoming_id", "probability"),
                    personal=("evidence",),
                    destroyed=True,
                ),
            ),
            (),
        ),
        Category(
            "imported",
            "The log of imports, and where records came from",
            (
                Table(
                    models.ImportedStudent,
                    Key.STUDENT,
                    values=(
                        "transfer_id",
                        "source_district_id",
                        "source_key",
                        "grade",
                        "is_new",
                        "source_status",
                        "score_status",
                        "reasons",
                        "rows",
                        "known",
                    ),
                    personal=(*WHO, *AT_SOURCE, "packet"),
                    destroyed=True,
                ),
                Table(
                    models.ImportedRow,
                    Key.STUDENT,
                    values=("transfer_id", "relation", "school_year", "row_id"),
                    personal=("source_id",),  # the product knows it, and whose it is
                    lineage="row_id",
                ),
            ),
            (),
        ),
    ),
)

EXEMPT: dict[str, str] = {
    "transfer_imports.Offer": "which school and grade a code is for, and how many students; no data about any of them",
    "transfer_imports.Import": "the record of an import: schools, counts, who and when; no data about students",
}
"""Models of the app that the map leaves out, with the reason."""

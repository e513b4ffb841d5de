"""The roster's own data map: what a district's schema knows of people and schools, and which columns say who it is.

No reset rule speaks of these tables: resets leave the district's students alone. Anonymization reads `personal` here.
`EXEMPT` names the tables that no category covers, each with its reason.
"""

from rostering import models
from tenants.datamap import Category, Key, Suite, Table

PERSON = ("sourced_id", "given_name", "family_name", "email")

ROSTER = Suite(
    code="roster",
    name="The district's roster",
    source="OneRoster 1.2 CSV binding",
    products=(),
    categories=(
        Category(
            "schools",
            "Schools and the orgs above them",
            (
                Table(
                    models.School,
                    Key.SCHOOL,
                    values=(
                        "modified_at",
                        "sourced_id",
                        "name",
                        "number",
                        "parent_sourced_id",
                        "is_active",
                        "source_hash",
                    ),
                    harmless=(("name", "the school's"),),
                ),
                Table(
                    models.ParentOrg,
                    Key.DISTRICT,
                    values=(
                        "modified_at",
                        "sourced_id",
                        "name",
                        "kind",
                        "parent_sourced_id",
                        "identifier",
                        "is_active",
                        "source_hash",
                    ),
                    harmless=(("name", "the org's"),),
                ),
            ),
            (),
        ),
        Category(
            "sessions",
            "Academic sessions",
            (
                Table(
                    models.AcademicSession,
                    Key.DISTRICT,
                    values=(
                        "modified_at",
                        "sourced_id",
                        "title",
                        "kind",
                        "starts_on",
                        "ends_on",
                        "school_year",
                        "parent_sourced_id",
                        "is_active",
                        "source_hash",
                    ),
                    harmless=(("title", "the session's"),),
                ),
            ),
            (),
        ),
        Category(
            "courses",
            "Courses",
            (
                Table(
                    models.Course,
                    Key.DISTRICT,
                    values=(
                        "modified_at",
                        "sourced_id",
                        "title",
                        "code",
                        "grades",
                        "subjects",
                        "is_active",
                        "source_hash",
                    ),
                    harmless=(("title", "the course's, of the district's catalog"),),
                ),
            ),
            (),
        ),
        Category(
            "sections",
            "Classes",
            (
                Table(
                    models.Section,
                    Key.SCHOOL,
                    values=(
                        "modified_at",
                        "sourced_id",
                        "code",
                        "kind",
                        "course_id",
                        "school_year",
                        "term_sourced_ids",
                        "grades",
                        "periods",
                        "is_active",
                        "source_hash",
                    ),
                    personal=("title",),  # "Ms. Alvarez, Room 4"
                    harmless=(("term_sourced_ids", "ids of sessions"),),
                ),
            ),
            (),
        ),
        Category(
            "students",
            "Names, IDs and demographics",
            (
                Table(
                    models.Student,
                    Key.STUDENT,
                    values=(
                        "modified_at",
                        "school_id",
                        "grade",
                        "status",
                        "school_year",
                        "rostered_on",
                        "left_on",
                        "birth_year",
                    ),
                ),
                Table(models.StudentYear, Key.STUDENT, values=("school_year", "school_id", "grade")),
                Table(
                    models.StudentIdentity,
                    Key.STUDENT,
                    values=("modified_at",),
                    personal=(
                        *PERSON,
                        "student_number",
                        "state_id",
                        "middle_name",
                        "preferred_name",
                        "username",
                        "birth_date",
                        "source_hash",
                    ),
                    destroyed=True,
                ),
                Table(
                    models.StudentDemographics,
                    Key.STUDENT,
                    values=("modified_at", "sex", "race", "hispanic_or_latino"),
                    personal=("source_hash",),
                ),
            ),
            (),
        ),
        Category(
            "guardians",
            "Parents, guardians and relatives",
            (
                Table(
                    models.Guardian,
                    Key.GUARDIAN,
                    values=(
                        "modified_at",
                        "status",
                    ),
                ),
                Table(
                    models.GuardianIdentity,
                    Key.GUARDIAN,
                    values=("modified_at",),
                    personal=(*PERSON, "phone", "source_hash"),
                ),
                Table(
                    models.StudentGuardian,
                    Key.STUDENT,
                    values=("modified_at", "guardian_id", "relation"),
                    destroyed=True,
                ),
            ),
            (),
        ),
        Category(
            "educators",
            "Teachers and other staff",
            (
                Table(models.Educator, Key.EDUCATOR, values=("modified_at", "status", "left_on")),
                Table(
                    models.EducatorIdentity,
                    Key.EDUCATOR,
                    values=("modified_at",),
                    personal=(*PERSON, "staff_number", "middle_name", "username", "source_hash"),
                ),
                Table(
                    models.EducatorRole,
                    Key.EDUCATOR,
                    values=("modified_at", "school_id", "role", "is_primary", "is_active"),
                    personal=(
                        "sourced_id",
                        "source_hash",
                    ),  # in 1.1 made of the user's
                ),
                Table(
                    models.TeachingAssignment,
                    Key.EDUCATOR,
                    values=(
                        "modified_at",
                        "section_id",
                        "school_id",
                        "school_year",
                        "role",
                        "is_primary",
                        "starts_on",
                        "ends_on",
                        "is_active",
                    ),
                    personal=("sourced_id", "source_hash"),
                ),
                Table(
                    models.RemovedEducator,
                    Key.EDUCATOR,
                    values=("removal_id", "assignments", "accounts", "back_at", "back_by"),
                ),
            ),
            (),
        ),
        Category(
            "enrollments",
            "Students' enrollments in classes",
            (
                Table(
                    models.Enrollment,
                    Key.STUDENT,
                    values=(
                        "modified_at",
                        "section_id",
                        "school_id",
                        "school_year",
                        "is_primary",
                        "starts_on",
                        "ends_on",
                        "is_active",
                    ),
                    personal=("sourced_id", "source_hash"),  # vendors build an enrollment's id from the user's
                    once=("section_id", "is_active"),
                ),
            ),
            (),
        ),
        Category(
            "merges",
            "Students who were on the roster twice",
            (
                Table(
                    models.StudentMerge,
                    Key.STUDENT,
                    values=("merged_id", "actor", "at", "counts", "undone_at", "undone_by"),
                    destroyed=True,
                ),
                Table(
                    models.MergeUndo,
                    Key.STUDENT,
                    values=("merge_id", "relation", "position", "moved"),
                    personal=("aside",),
                    destroyed=True,
                ),
                Table(models.StudentAlias, Key.STUDENT, values=("merge_id",), personal=("sourced_id",), destroyed=True),
            ),
            (),
        ),
        Category(
            "held_removals",
            "Removals held back until somebody releases them",
            (
                Table(
                    models.HeldRemoval,
                    Key.SCHOOL,
                    values=("sync_id", "kind", "person_id", "released_by", "released_at", "lapsed_at"),
                ),
            ),
            (),
        ),
    ),
)

EXEMPT: dict[str, str] = {
    "rostering.Sync": "the record of an import: counts, a file's name and digest, who and when; no data about students",
    "rostering.SyncError": "a line of that record; values of personal columns are never written to it",
    "rostering.SyncPause": "when nightly syncs stand still; dates only",
    "rostering.EducatorRemoval": "the record of a removal: who and when; whom it removed is mapped with the educators",
    "rostering.RosterProvider": "where rosters are pulled from: an address, and a secret that is encrypted; no people",
    "rostering.SftpKey": "public keys that may leave bundles, without their comments; no people",
    "rostering.ReturnWindow": "until when students count as returning; dates only",
}
"""Models of the roster's app that the map leaves out, with the reason."""

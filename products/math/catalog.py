"""The math suite's data map, in the order of the source's table (math-eoy-reset-2023)."""

from products.datamap import Category, Key, Suite, Table
from products.math import models
from products.math.products import ALL

SUITE = Suite(
    code="math",
    name="Imagine Math suite",
    source="2023 End-of-year data reset procedures for the Imagine Math suite",
    products=ALL,
    categories=(
        Category(
            "student_accounts",
            "Student Accounts",
            (Table(models.StudentAccount, Key.STUDENT, values=("product", "created_on")),),
            ALL,
        ),
        Category(
            "assessments",
            "Student Academic Data: Assessment",
            (
                Table(
                    models.Assessment,
                    Key.STUDENT,
                    values=("product", "occurred_on", "kind", "score", "quantile"),
                    fact=True,
                ),
            ),
            ALL,
        ),
        Category(
            "progress",
            "Student Academic Data: Progress",
            (
                Table(
                    models.Progress,
                    Key.STUDENT,
                    values=("product", "occurred_on", "lesson", "passed", "attempts"),
                    fact=True,
                ),
            ),
            ALL,
        ),
        Category(
            "pathways",
            "Student Academic Data: Pathway",
            (
                Table(
                    models.Pathway,
                    Key.STUDENT,
                    values=("product", "occurred_on", "pathway", "position", "completed"),
                    fact=True,
                ),
            ),
            ALL,
        ),
        Category(
            "usage",
            "Student Academic Data: Usage",
            (
                Table(
                    models.Usage,
                    Key.STUDENT,
                    values=("product", "occurred_on", "minutes", "sessions"),
                    fact=True,
                ),
            ),
            ALL,
        ),
        Category(
            "classrooms",
            "Classrooms",
            (
                Table(
                    models.Classroom, Key.SCHOOL, values=("product", "educator_id", "school_year"), personal=("name",)
                ),
                Table(models.ClassroomStudent, Key.STUDENT, values=("classroom_id",)),
            ),
            ALL,
        ),
        Category(
            "educator_accounts",
            "Educator Accounts",
            (Table(models.EducatorAccount, Key.EDUCATOR, values=("product", "created_on", "last_sign_in_on")),),
            ALL,
        ),
        Category(
            "organizations",
            "Organizations (schools and districts)",
            (Table(models.Organization, Key.SCHOOL, values=("product", "since")),),
            ALL,
        ),
    ),
)

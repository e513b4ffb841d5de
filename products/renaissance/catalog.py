"""Renaissance's data map: what a transfer code takes along (renaissance-student-transfer, "will be transferred")."""

from products.datamap import Category, Key, Suite, Table
from products.renaissance import models
from products.renaissance.products import ACCELERATED_READER, ALL, MASTERY, STAR, STAR_CBM

SUITE = Suite(
    code="renaissance",
    name="Renaissance",
    source="Transferring Student Data from Site to Site",
    products=ALL,
    categories=(
        Category(
            "star_assessments",
            "Star Reading, Star Math, and Star Early Literacy assessments (English and Spanish)",
            (
                Table(
                    models.StarAssessment,
                    Key.STUDENT,
                    values=("product", "occurred_on", "language", "scaled_score", "percentile", "benchmark_category"),
                    fact=True,
                ),
            ),
            STAR,
        ),
        Category(
            "cbm_assessments",
            "Star CBM assessments",
            (
                Table(
                    models.CbmAssessment,
                    Key.STUDENT,
                    values=("product", "occurred_on", "measure", "language", "correct_per_minute"),
                    fact=True,
                ),
            ),
            (STAR_CBM,),
        ),
        Category(
            "quizzes",
            "Accelerated Reader quiz records",
            (
                Table(
                    models.Quiz,
                    Key.STUDENT,
                    values=("product", "occurred_on", "quiz_number", "title", "percent_correct", "points_earned"),
                    harmless=(("title", "the book's"),),
                    fact=True,
                ),
            ),
            (ACCELERATED_READER,),
        ),
        Category(
            "mastery",
            "Mastery information",
            (
                Table(
                    models.Mastery,
                    Key.STUDENT,
                    values=("product", "occurred_on", "skill", "level"),
                    fact=True,
                ),
            ),
            MASTERY,
        ),
    ),
)

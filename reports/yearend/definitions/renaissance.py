"""Renaissance's reports, in the order of what its source says moves with a student."""

from products.renaissance.products import ACCELERATED_READER, MASTERY, STAR, STAR_CBM
from reports.yearend.measures import (
    ByLatest,
    ByValue,
    Count,
    Last,
    LastDay,
    LastWord,
    Mean,
    Measure,
    PerStudent,
    ShareOfStudents,
    Sum,
)
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartKind, ChartSpec
from reports.yearend.words import Field, Listing, Report, Totals

CATEGORIES = ("Urgent Intervention", "Intervention", "On Watch", "At/Above Benchmark")

STAR_SCORES = Report(
    "renaissance-star",
    "Star scores",
    "renaissance",
    STAR,
    "Star Reading, Star Math and Star Early Literacy results with their benchmark categories.",
    (
        Totals(
            "star",
            "Star scores",
            "star_assessments",
            (
                Measure("assessments", "Assessments", Count()),
                Measure("scaled_score", "Latest scaled score", Last("scaled_score")),
                Measure("percentile", "Latest percentile", Last("percentile")),
                Measure("benchmark_category", "Latest benchmark category", LastWord("benchmark_category")),
                Measure("last_on", "Latest", LastDay()),
            ),
        ),
        Totals(
            "star-categories",
            "Students by benchmark category",
            "star_assessments",
            (Measure("share", "Share of students", ShareOfStudents()),),
            by=ByLatest("benchmark_category", "Benchmark category", CATEGORIES),
            note="Each student counts where the latest result puts them.",
        ),
        Totals(
            "star-chart",
            "Students by benchmark category, all products",
            "star_assessments",
            (),
            by=ByLatest("benchmark_category", "Benchmark category", CATEGORIES),
            fixed=Grain.DISTRICT,
            chart=ChartSpec(ChartKind.BARS, "Students by benchmark category", "value", ("students",), "students"),
        ),
        Listing(
            "star-list",
            "Star results one by one",
            "star_assessments",
            (
                Field("language", "Language"),
                Field("scaled_score", "Scaled score"),
                Field("percentile", "Percentile"),
                Field("benchmark_category", "Benchmark category"),
            ),
        ),
    ),
)

CBM = Report(
    "renaissance-cbm",
    "Star CBM",
    "renaissance",
    (STAR_CBM,),
    "Star CBM results by measure: how many correct in a minute.",
    (
        Totals(
            "cbm",
            "Star CBM",
            "cbm_assessments",
            (
                Measure("assessments", "Assessments", Count()),
                Measure("correct", "Latest correct per minute", Last("correct_per_minute")),
                Measure("last_on", "Latest", LastDay()),
            ),
        ),
        Totals(
            "cbm-by-measure",
            "By measure",
            "cbm_assessments",
            (
                Measure("assessments", "Assessments", Count()),
                Measure("correct", "Average correct per minute", Mean("correct_per_minute")),
            ),
            by=ByValue("measure", "Measure"),
        ),
        Totals(
            "cbm-by-grade",
            "Average correct per minute by grade",
            "cbm_assessments",
            (Measure("correct", "Average correct per minute", Mean("correct_per_minute")),),
            fixed=Grain.GRADE,
            chart=ChartSpec(ChartKind.BARS, "Average correct per minute by grade", "grade", ("correct",), "a minute"),
        ),
        Listing(
            "cbm-list",
            "Star CBM results one by one",
            "cbm_assessments",
            (
                Field("measure", "Measure"),
                Field("language", "Language"),
                Field("correct_per_minute", "Correct per minute"),
            ),
        ),
    ),
)

READER = Report(
    "renaissance-reader",
    "Accelerated Reader",
    "renaissance",
    (ACCELERATED_READER,),
    "Quizzes on books: how many, how well, and the points earned.",
    (
        Totals(
            "reader",
            "Accelerated Reader",
            "quizzes",
            (
                Measure("quizzes", "Quizzes", Count()),
                Measure("percent", "Average percent correct", Mean("percent_correct", percent=True)),
                Measure("points", "Points earned", Sum("points_earned")),
                Measure("quizzes_each", "Quizzes per student", PerStudent(Count())),
            ),
        ),
        Totals(
            "reader-by-grade",
            "Quizzes by grade",
            "quizzes",
            (Measure("quizzes", "Quizzes", Count()),),
            fixed=Grain.GRADE,
            chart=ChartSpec(ChartKind.BARS, "Quizzes by grade", "grade", ("quizzes",), "quizzes"),
        ),
        Listing(
            "reader-list",
            "Quizzes one by one",
            "quizzes",
            (
                Field("title", "Book"),
                Field("quiz_number", "Quiz number"),
                Field("percent_correct", "Percent correct", percent=True),
                Field("points_earned", "Points earned"),
            ),
        ),
    ),
)

MASTERED = Report(
    "renaissance-mastery",
    "Mastery",
    "renaissance",
    MASTERY,
    "Skills and how far they are mastered.",
    (
        Totals(
            "mastery",
            "Mastery",
            "mastery",
            (
                Measure("skills", "Skills", Count()),
                Measure("mastered", "Average mastery", Mean("level", percent=True)),
            ),
        ),
        Totals(
            "mastery-by-skill",
            "By skill",
            "mastery",
            (Measure("mastered", "Average mastery", Mean("level", percent=True)),),
            by=ByValue("skill", "Skill"),
        ),
        Totals(
            "mastery-chart",
            "Average mastery by skill",
            "mastery",
            (Measure("mastered", "Average mastery", Mean("level", percent=True)),),
            by=ByValue("skill", "Skill"),
            fixed=Grain.DISTRICT,
            chart=ChartSpec(ChartKind.BARS, "Average mastery by skill", "value", ("mastered",), "%"),
        ),
        Listing(
            "mastery-list",
            "Skills one by one",
            "mastery",
            (Field("skill", "Skill"), Field("level", "Mastery", percent=True)),
        ),
    ),
)

REPORTS = (STAR_SCORES, CBM, READER, MASTERED)

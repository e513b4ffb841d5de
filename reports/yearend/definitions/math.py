"""Student and class reports of the math products: "Assessment, Progress, Pathway, and Usage data are all deleted"."""

from products.math.products import ALL
from reports.yearend.alike import lessons_report, usage_report
from reports.yearend.measures import (
    ByValue,
    Count,
    Is,
    Last,
    LastDay,
    Mean,
    Measure,
    Share,
)
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartKind, ChartSpec
from reports.yearend.words import Field, Listing, Report, Totals

KINDS = (("benchmark", "Benchmark"), ("quiz", "Quiz"))
COMPLETED = Is("completed", value=True)

ASSESSMENT = Report(
    "math-assessment",
    "Math: assessment",
    "math",
    ALL,
    "Benchmarks and quizzes, with scores and Quantile measures.",
    (
        Totals(
            "assessment",
            "Assessments",
            "assessments",
            (
                Measure("benchmarks", "Benchmarks", Count(Is("kind", "benchmark"))),
                Measure("quizzes", "Quizzes", Count(Is("kind", "quiz"))),
                Measure("score", "Average score", Mean("score")),
                Measure("quantile", "Latest Quantile measure", Last("quantile")),
                Measure("last_on", "Latest", LastDay()),
            ),
        ),
        Totals(
            "assessment-by-kind",
            "Assessments by kind",
            "assessments",
            (Measure("results", "Results", Count()), Measure("score", "Average score", Mean("score"))),
            by=ByValue("kind", "Kind", words=KINDS),
        ),
        Totals(
            "assessment-by-grade",
            "Average score by grade",
            "assessments",
            (Measure("score", "Average score", Mean("score")),),
            fixed=Grain.GRADE,
            chart=ChartSpec(ChartKind.BARS, "Average score by grade", "grade", ("score",), "points"),
        ),
        Listing(
            "assessment-list",
            "Assessments one by one",
            "assessments",
            (Field("kind", "Kind", words=KINDS), Field("score", "Score"), Field("quantile", "Quantile measure")),
        ),
    ),
)

PROGRESS = lessons_report(
    "math-progress", "Math: progress", "math", ALL, "Lessons that students worked on and passed.", table="progress"
)

PATHWAY = Report(
    "math-pathway",
    "Math: pathway",
    "math",
    ALL,
    "Steps of students' pathways, and how many they completed.",
    (
        Totals(
            "pathway",
            "Pathway steps",
            "pathways",
            (
                Measure("steps", "Steps", Count()),
                Measure("completed", "Completed", Count(COMPLETED)),
                Measure("completed_rate", "Share completed", Share(COMPLETED)),
            ),
        ),
        Totals(
            "pathway-by-name",
            "Steps by pathway",
            "pathways",
            (
                Measure("steps", "Steps", Count()),
                Measure("completed", "Completed", Count(COMPLETED)),
                Measure("completed_rate", "Share completed", Share(COMPLETED)),
            ),
            by=ByValue("pathway", "Pathway"),
        ),
        Totals(
            "pathway-chart",
            "Share completed by pathway",
            "pathways",
            (Measure("completed_rate", "Share completed", Share(COMPLETED)),),
            by=ByValue("pathway", "Pathway"),
            fixed=Grain.DISTRICT,
            chart=ChartSpec(ChartKind.BARS, "Share completed by pathway", "value", ("completed_rate",), "%"),
        ),
        Listing(
            "pathway-list",
            "Pathway steps one by one",
            "pathways",
            (Field("pathway", "Pathway"), Field("position", "Step"), Field("completed", "Completed")),
        ),
    ),
)

USAGE = usage_report("math-usage", "Math: usage", "math", ALL)

REPORTS = (ASSESSMENT, PROGRESS, PATHWAY, USAGE)

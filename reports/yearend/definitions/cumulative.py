"""The Cumulative Performance Report: the previous academic year from the archive, beside the years retained since 2019.

"Student academic data (such as assessment scores, lesson pass rates, and usage time) are retained behind the scenes.
This information can be viewed in the Cumulative Performance Report for Imagine Language & Literacy and Imagine Español
for the previous academic year" (literacy source).
"""

from products.literacy.products import LANGUAGE_AND_ESPANOL
from reports.yearend.measures import Count, Growth, Is, Last, Measure, Share, Sum
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartKind, ChartSpec
from reports.yearend.words import Report, Totals

PASSED = Is("passed", value=True)
GROWTH = Growth("score", by="window", first="BOY", last="EOY")

CUMULATIVE = Report(
    "cumulative-performance",
    "Cumulative Performance Report",
    "literacy",
    LANGUAGE_AND_ESPANOL,
    "Usage and Benchmarks of the current and the previous academic year, with lessons, placement and portfolio of all "
    "years that are retained.",
    (
        Totals(
            "cumulative",
            "Year by year",
            "progress",
            (
                Measure("minutes", "Minutes", Sum("minutes"), of="usage"),
                Measure("sessions", "Sessions", Sum("sessions"), of="usage"),
                Measure("lessons", "Lessons worked on", Count(), of="progress"),
                Measure("passed", "Lessons passed", Count(PASSED), of="progress"),
                Measure("pass_rate", "Passed", Share(PASSED), of="progress"),
                Measure("growth", "Growth", GROWTH, of="benchmarks"),
                Measure("placement", "Latest placement score", Last("score"), of="placements"),
                Measure("artifacts", "Portfolio artifacts", Count(), of="portfolio"),
            ),
            note="A blank says that there is no such data of the year. Usage and Benchmarks are archived by the reset "
            "and shown for the previous academic year.",
        ),
        Totals(
            "cumulative-by-grade",
            "Average Benchmark score by grade",
            "benchmarks",
            (Measure("growth", "Growth", GROWTH),),
            fixed=Grain.GRADE,
            chart=ChartSpec(
                ChartKind.GROUPED, "Average Benchmark score by grade", "grade", ("growth_boy", "growth_eoy"), "points"
            ),
        ),
    ),
    source="This information can be viewed in the Cumulative Performance Report for Imagine Language & Literacy and "
    "Imagine Español for the previous academic year",
    cumulative=True,
)

REPORTS = (CUMULATIVE,)

"""Student and class reports of the literacy products, in the order of the source's table."""

from products.literacy.products import ALL, LANGUAGE_ONLY
from reports.yearend.measures import (
    ByMonth,
    ByValue,
    Count,
    Growth,
    Is,
    LastDay,
    Mean,
    Measure,
    PerStudent,
    Share,
    Sum,
)
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartKind, ChartSpec
from reports.yearend.words import Report, Totals

PASSED = Is("passed", value=True)
LEVELS = ("Beginning", "Emerging", "On level", "Above level")
MINUTES = Measure("minutes", "Minutes", Sum("minutes"))
SKILLS = Measure("skills", "Skills shown", Count(), about="How often a skill was shown for intervention.")

USAGE = Report(
    "literacy-usage",
    "Literacy: usage",
    "literacy",
    ALL,
    "How long students worked in each product, week by week.",
    (
        Totals(
            "usage",
            "Usage time",
            "usage",
            (
                MINUTES,
                Measure("minutes_each", "Minutes per student", PerStudent(Sum("minutes"))),
                Measure("sessions", "Sessions", Sum("sessions")),
                Measure("weeks", "Weeks used", Count(), about="Weeks in which there was any use, added up."),
                Measure("last_week", "Last used", LastDay(), about="The first day of the last week of use."),
            ),
        ),
        Totals(
            "usage-by-month",
            "Minutes by month",
            "usage",
            (MINUTES,),
            by=ByMonth(),
            fixed=Grain.DISTRICT,
            chart=ChartSpec(ChartKind.LINE, "Minutes by month", "value", ("minutes",), "minutes"),
        ),
    ),
)

LESSONS = Report(
    "literacy-lessons",
    "Literacy: lessons passed",
    "literacy",
    ALL,
    "Lessons that students worked on and passed: student progress data.",
    (
        Totals(
            "lessons",
            "Lessons",
            "progress",
            (
                Measure("lessons", "Lessons worked on", Count()),
                Measure("passed", "Lessons passed", Count(PASSED)),
                Measure("pass_rate", "Passed", Share(PASSED), about="Lessons passed, of those worked on."),
                Measure("passed_each", "Passed per student", PerStudent(Count(PASSED))),
                Measure("attempts", "Attempts per lesson", Mean("attempts")),
            ),
        ),
        Totals(
            "lessons-by-grade",
            "Lessons passed by grade",
            "progress",
            (Measure("passed", "Lessons passed", Count(PASSED)),),
            fixed=Grain.GRADE,
            chart=ChartSpec(ChartKind.BARS, "Lessons passed by grade", "grade", ("passed",), "lessons"),
        ),
    ),
)

GROWTH = Report(
    "literacy-growth",
    "Literacy: Benchmark growth",
    "literacy",
    LANGUAGE_ONLY,
    "Benchmark scores from the beginning to the end of the year.",
    (
        Totals(
            "growth",
            "Growth from BOY to EOY",
            "benchmarks",
            (Measure("growth", "Growth", Growth("score", by="window", first="BOY", last="EOY")),),
            note="Averages are of the students who have both results.",
        ),
        Totals(
            "growth-by-grade",
            "Average score by grade",
            "benchmarks",
            (Measure("growth", "Growth", Growth("score", by="window", first="BOY", last="EOY")),),
            fixed=Grain.GRADE,
            chart=ChartSpec(
                ChartKind.GROUPED, "Average Benchmark score by grade", "grade", ("growth_boy", "growth_eoy"), "points"
            ),
        ),
        Totals(
            "windows",
            "Results by window",
            "benchmarks",
            (Measure("results", "Results", Count()), Measure("score", "Average score", Mean("score"))),
            by=ByValue("window", "Window"),
        ),
    ),
)

REPORTS = (USAGE, LESSONS, GROWTH)

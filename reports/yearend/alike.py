"""Reports that several suites have alike: lessons worked on and passed, and time of use."""

from products.datamap import Product
from reports.yearend.measures import ByMonth, Count, Is, LastDay, Mean, Measure, PerStudent, Share, Sum
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartKind, ChartSpec
from reports.yearend.words import Report, Totals

PASSED = Is("passed", value=True)
MINUTES = Measure("minutes", "Minutes", Sum("minutes"))


def lessons_report(
    code: str, title: str, suite: str, products: tuple[Product, ...], about: str, *, table: str
) -> Report:
    """The report on a suite's lessons, of its category `progress`, with those passed drawn by grade.

    Args:
        table: the code of its table; the drawing's begins with it.
    """
    lessons = Totals(
        table,
        "Lessons",
        "progress",
        (
            Measure("lessons", "Lessons worked on", Count()),
            Measure("passed", "Lessons passed", Count(PASSED)),
            Measure("pass_rate", "Passed", Share(PASSED), about="Lessons passed, of those worked on."),
            Measure("passed_each", "Passed per student", PerStudent(Count(PASSED))),
            Measure("attempts", "Attempts per lesson", Mean("attempts")),
        ),
    )
    by_grade = Totals(
        f"{table}-by-grade",
        "Lessons passed by grade",
        "progress",
        (Measure("passed", "Lessons passed", Count(PASSED)),),
        fixed=Grain.GRADE,
        chart=ChartSpec(ChartKind.BARS, "Lessons passed by grade", "grade", ("passed",), "lessons"),
    )
    return Report(code, title, suite, products, about, (lessons, by_grade))


def usage_report(code: str, title: str, suite: str, products: tuple[Product, ...]) -> Report:
    """The report on the time for which a suite was used, of its category `usage`, drawn by month."""
    usage = Totals(
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
    )
    by_month = Totals(
        "usage-by-month",
        "Minutes by month",
        "usage",
        (MINUTES,),
        by=ByMonth(),
        fixed=Grain.DISTRICT,
        chart=ChartSpec(ChartKind.LINE, "Minutes by month", "value", ("minutes",), "minutes"),
    )
    about = "How long students worked in each product, week by week."
    return Report(code, title, suite, products, about, (usage, by_month))

"""Hero's reports: "All reports will be blank, including the students' behavior history", once the year is archived."""

from products.hero.products import ALL
from reports.yearend.measures import (
    AboveZero,
    BelowZero,
    ByMonth,
    ByStaff,
    ByValue,
    Count,
    LastDay,
    Measure,
    PerStudent,
    Sum,
)
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartKind, ChartSpec
from reports.yearend.words import Field, Listing, Report, StaffField, Totals

NO_ACTION = (("", "No action"),)
EARNED = Measure("earned", "Points earned", Sum("points", AboveZero("points")))
EVENTS = Measure("events", "Events", Count())

POINTS = Report(
    "hero-points",
    "Schoolwide Points",
    "hero",
    ALL,
    "Points that students earned and spent in the year, and the balance that they have now.",
    (
        Totals(
            "points",
            "Points earned and spent",
            "points_history",
            (
                EARNED,
                Measure("spent", "Points spent", Sum("points", BelowZero("points"), turned=True)),
                Measure("left", "Earned less spent", Sum("points")),
                Measure("earned_each", "Earned per student", PerStudent(Sum("points", AboveZero("points")))),
            ),
        ),
        Totals(
            "points-balances",
            "Balances now",
            "points_balance",
            (
                Measure("balance", "Balance", Sum("balance"), about="Set to 0 when the year is archived."),
                Measure("balance_each", "Balance per student", PerStudent(Sum("balance"))),
            ),
            note="Hero points do not roll over: the archive sets every balance to 0.",
        ),
        Totals(
            "points-by-school",
            "Points earned by school",
            "points_history",
            (EARNED,),
            fixed=Grain.SCHOOL,
            most=15,
            chart=ChartSpec(ChartKind.BARS, "Points earned by school", "school", ("earned",), "points"),
            note="The fifteen schools with the most.",
        ),
    ),
    source="If you intend for students to be able to use this year's Hero points when they return to campus in the "
    "Fall, please print the Schoolwide Points report prior to the archive for your own records.",
)

BEHAVIOR = Report(
    "hero-behavior",
    "Behavior history",
    "hero",
    ALL,
    "What was tracked of each student, day by day.",
    (
        Listing(
            "behavior",
            "Behavior history",
            "tracking",
            (
                Field("code", "Behavior"),
                Field("action", "Action"),
                StaffField("recorded_by_id", "Recorded by"),
                Field("note", "Note"),
            ),
        ),
        Totals(
            "behavior-by-month",
            "Events by month",
            "tracking",
            (EVENTS,),
            by=ByMonth(),
            fixed=Grain.DISTRICT,
            chart=ChartSpec(ChartKind.LINE, "Behavior events by month", "value", ("events",), "events"),
        ),
    ),
    source="All reports will be blank, including the students' behavior history.",
)

TRACKING = Report(
    "hero-tracking",
    "Tracking summary",
    "hero",
    ALL,
    "How often each behavior was tracked: by code, action, school, grade and staff member.",
    (
        Totals(
            "tracking",
            "Tracked behavior",
            "tracking",
            (
                EVENTS,
                Measure("events_each", "Events per student", PerStudent(Count())),
                Measure("last_on", "Latest", LastDay()),
            ),
        ),
        Totals("tracking-by-code", "By code", "tracking", (EVENTS,), by=ByValue("code", "Behavior")),
        Totals(
            "tracking-by-action",
            "By action",
            "tracking",
            (EVENTS,),
            by=ByValue("action", "Action", words=NO_ACTION),
        ),
        Totals(
            "tracking-by-staff", "By staff member", "tracking", (EVENTS,), by=ByStaff("recorded_by_id", "Recorded by")
        ),
        Totals(
            "tracking-chart",
            "Events by code",
            "tracking",
            (EVENTS,),
            by=ByValue("code", "Behavior"),
            fixed=Grain.DISTRICT,
            most=15,
            chart=ChartSpec(ChartKind.BARS, "Behavior events by code", "value", ("events",), "events"),
        ),
    ),
)

REPORTS = (POINTS, BEHAVIOR, TRACKING)

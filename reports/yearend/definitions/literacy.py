"""Student and class reports of the literacy products, in the order of the source's table."""

from products.literacy.models import Playlist
from products.literacy.products import ALL, LANGUAGE_AND_ESPANOL, LANGUAGE_ONLY
from reports.yearend.alike import lessons_report, usage_report
from reports.yearend.measures import (
    ByLatest,
    ByThing,
    ByValue,
    Count,
    Growth,
    Is,
    Last,
    LastDay,
    LastWord,
    Mean,
    Measure,
    ShareOfStudents,
    Sum,
)
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartKind, ChartSpec
from reports.yearend.words import Field, Listing, Report, ThingField, Totals

LEVELS = ("Beginning", "Emerging", "On level", "Above level")
SKILLS = Measure("skills", "Skills shown", Count(), about="How often a skill was shown for intervention.")

USAGE = usage_report("literacy-usage", "Literacy: usage", "literacy", ALL)
LESSONS = lessons_report(
    "literacy-lessons",
    "Literacy: lessons passed",
    "literacy",
    ALL,
    "Lessons that students worked on and passed: student progress data.",
    table="lessons",
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

PLACEMENT = Report(
    "literacy-placement",
    "Literacy: placement",
    "literacy",
    LANGUAGE_ONLY,
    "Placement test scores and levels, retained year over year.",
    (
        Totals(
            "placement",
            "Placement tests",
            "placements",
            (
                Measure("tests", "Tests taken", Count()),
                Measure("score", "Latest score", Last("score")),
                Measure("level", "Latest level", LastWord("level")),
            ),
        ),
        Totals(
            "placement-levels",
            "Students by level",
            "placements",
            (Measure("share", "Share of students", ShareOfStudents()),),
            by=ByLatest("level", "Level", LEVELS),
        ),
        Totals(
            "placement-chart",
            "Students by placement level",
            "placements",
            (),
            by=ByLatest("level", "Level", LEVELS),
            fixed=Grain.DISTRICT,
            chart=ChartSpec(ChartKind.BARS, "Students by placement level", "value", ("students",), "students"),
        ),
    ),
)

ACTION_AREAS = Report(
    "literacy-action-areas",
    "Literacy: Action Areas",
    "literacy",
    LANGUAGE_ONLY,
    "Skills that the Action Areas Tool shows for intervention.",
    (
        Totals(
            "action-areas",
            "Action Areas",
            "action_areas",
            (SKILLS, Measure("lessons_failed", "Lessons failed", Sum("lessons_failed"))),
        ),
        Totals(
            "action-areas-by-skill",
            "Action Areas by skill",
            "action_areas",
            (SKILLS, Measure("lessons_failed", "Lessons failed", Sum("lessons_failed"))),
            by=ByValue("skill", "Skill"),
        ),
        Totals(
            "action-areas-chart",
            "Students by skill",
            "action_areas",
            (),
            by=ByValue("skill", "Skill"),
            fixed=Grain.DISTRICT,
            chart=ChartSpec(ChartKind.BARS, "Students by skill to work on", "value", ("students",), "students"),
        ),
        Listing(
            "action-areas-list",
            "Action Areas one by one",
            "action_areas",
            (Field("skill", "Skill"), Field("lessons_failed", "Lessons failed")),
        ),
    ),
    source="Shows data up to 180 days in the past, as long as Student IDs match",
)

KINDS = (("recording", "Recording"), ("writing", "Writing"))
PORTFOLIO = Report(
    "literacy-portfolio",
    "Literacy: portfolio",
    "literacy",
    LANGUAGE_AND_ESPANOL,
    "Recordings and pieces of writing in students' portfolios, retained as far back as 2019.",
    (
        Listing(
            "portfolio",
            "Portfolio artifacts",
            "portfolio",
            (Field("kind", "Kind", words=KINDS), Field("title", "Title")),
        ),
        Totals(
            "portfolio-totals",
            "Artifacts in portfolios",
            "portfolio",
            (
                Measure("artifacts", "Artifacts", Count()),
                Measure("recordings", "Recordings", Count(Is("kind", "recording"))),
                Measure("writing", "Pieces of writing", Count(Is("kind", "writing"))),
                Measure("last_on", "Latest", LastDay()),
            ),
        ),
        Totals(
            "portfolio-by-grade",
            "Artifacts by grade",
            "portfolio",
            (
                Measure("recordings", "Recordings", Count(Is("kind", "recording"))),
                Measure("writing", "Pieces of writing", Count(Is("kind", "writing"))),
            ),
            fixed=Grain.GRADE,
            chart=ChartSpec(ChartKind.GROUPED, "Artifacts by grade", "grade", ("recordings", "writing"), "artifacts"),
        ),
    ),
)

PLAYLISTS = Report(
    "literacy-playlists",
    "Literacy: playlists",
    "literacy",
    LANGUAGE_ONLY,
    "Students and the playlists to which they are assigned now. The reset takes them off; the playlists are retained.",
    (
        Listing(
            "playlists",
            "Assigned playlists",
            "playlists",
            (ThingField("playlist_id", "Playlist", Playlist, "title"),),
        ),
        Totals("playlists-totals", "Playlists by student", "playlists", (Measure("playlists", "Playlists", Count()),)),
        Totals(
            "playlists-assigned",
            "Students by playlist",
            "playlists",
            (),
            by=ByThing("playlist_id", "Playlist", Playlist, "title"),
        ),
    ),
)

REPORTS = (USAGE, LESSONS, GROWTH, PLACEMENT, ACTION_AREAS, PORTFOLIO, PLAYLISTS)

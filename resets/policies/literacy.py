"""The literacy suite's end of year, row by row as in the source's table "What Data is Archived/Deleted/Retained?"."""

from products.literacy.products import ALL, LANGUAGE_AND_ESPANOL, LANGUAGE_ONLY
from resets.policies.words import (
    STUDENT_IDS_MATCH,
    Anonymize,
    Archive,
    Delete,
    Policy,
    Retain,
    Rule,
    SetTo,
    Show,
    Unassign,
)

POLICY = Policy(
    "literacy",
    version="2023.1",
    source="2023 End-of-year data reset procedures for Imagine Learning Literacy suite products",
    rules=(
        Rule(
            "student_accounts",
            Retain(),
            because="Retained, as long as Student IDs match the previous year",
            condition=STUDENT_IDS_MATCH,
            products=ALL,
        ),
        Rule(
            "booster_bits",
            SetTo(0, columns=("booster_bits", "museum_level")),
            because="Booster Bits and Museum Levels are set to 0 the day of the reset.",
            products=LANGUAGE_AND_ESPANOL,
        ),
        Rule(
            "avatars",
            Delete(),
            because="Avatars and their accessories are deleted.",
            products=LANGUAGE_AND_ESPANOL,
        ),
        Rule(
            "benchmarks",
            Archive(),
            because="Benchmark data is archived",
            products=LANGUAGE_ONLY,
        ),
        Rule(
            "placements",
            Retain(),
            because="the Placement test score is retained year over year, as long as Student IDs match",
            condition=STUDENT_IDS_MATCH,
            products=LANGUAGE_ONLY,
        ),
        Rule(
            "boy_assessments",
            Retain(),
            because="returning students … will take the BOY Benchmark assessment in Imagine Language & Literacy "
            "rather than the Placement test",
            products=LANGUAGE_ONLY,
        ),
        Rule(
            "progress",
            Retain(since=2019),
            because="Retained as far back as 2019, as long as Student IDs match",
            condition=STUDENT_IDS_MATCH,
            products=ALL,
        ),
        Rule(
            "usage",
            Archive(),
            because="Student academic data (such as assessment scores, lesson pass rates, and usage time) are retained "
            "behind the scenes.",
            products=ALL,
        ),
        Rule(
            "action_areas",
            Show(last=180),
            because="Shows data up to 180 days in the past, as long as Student IDs match",
            condition=STUDENT_IDS_MATCH,
            products=LANGUAGE_ONLY,
        ),
        Rule(
            "portfolio",
            Retain(since=2019),
            because="Retained as far back as 2019, as long as Student IDs match",
            condition=STUDENT_IDS_MATCH,
            products=LANGUAGE_AND_ESPANOL,
        ),
        Rule(
            "playlists",
            Unassign(students=True),
            because="Playlists and their associated activities are retained but students are no longer assigned to the "
            "playlists",
            products=LANGUAGE_ONLY,
        ),
        Rule("groups", Archive(), because="Archived", products=ALL),
        Rule("educator_accounts", Retain(), because="Retained", products=ALL),
        Rule("organizations", Retain(), because="Retained", products=ALL),
        Rule(
            "*",
            Anonymize(after=90),
            because="Student data is anonymized 90 days after the reset",
            products=ALL,
        ),
    ),
)

"""The literacy suite's data map, in the order of the source's table (literacy-eoy-reset-2023)."""

from products.datamap import Category, Key, Suite, Table
from products.literacy import models
from products.literacy.products import ALL, LANGUAGE_AND_ESPANOL, LANGUAGE_ONLY

SUITE = Suite(
    code="literacy",
    name="Imagine Learning Literacy suite",
    source="2023 End-of-year data reset procedures for Imagine Learning Literacy suite products",
    products=ALL,
    categories=(
        Category(
            "student_accounts",
            "Student Accounts",
            (Table(models.StudentAccount, Key.STUDENT, values=("product", "created_on")),),
            ALL,
        ),
        Category(
            "booster_bits",
            "Students' Booster Bits and Imagine Museum levels",
            (Table(models.Reward, Key.STUDENT, values=("product", "booster_bits", "museum_level"), once=("product",)),),
            LANGUAGE_AND_ESPANOL,
        ),
        Category(
            "avatars",
            "Avatars and their accessories",
            (
                Table(models.Avatar, Key.STUDENT, values=("product", "appearance"), once=("product",)),
                Table(models.AvatarAccessory, Key.PARENT, values=("item",), parent="avatar_id", of=models.Avatar),
            ),
            LANGUAGE_AND_ESPANOL,
        ),
        Category(
            "benchmarks",
            "Student Assessment Data: Benchmark",
            (
                Table(
                    models.Benchmark,
                    Key.STUDENT,
                    values=("product", "occurred_on", "window", "score", "level"),
                    fact=True,
                    archive=models.BenchmarkArchive,
                ),
            ),
            LANGUAGE_ONLY,
        ),
        Category(
            "placements",
            "Student Assessment Data: Placement test score",
            (Table(models.Placement, Key.STUDENT, values=("product", "occurred_on", "score", "level"), fact=True),),
            LANGUAGE_ONLY,
        ),
        Category(
            "boy_assessments",
            "BOY assessment (Benchmark or Placement)",
            (Table(models.BoyAssessment, Key.STUDENT, values=("school_year", "assessment", "decided_on")),),
            LANGUAGE_ONLY,
        ),
        Category(
            "progress",
            "Student Progress Data",
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
            "usage",
            "Usage time",
            (
                Table(
                    models.Usage,
                    Key.STUDENT,
                    values=("product", "occurred_on", "minutes", "sessions"),
                    fact=True,
                    archive=models.UsageArchive,
                ),
            ),
            ALL,
        ),
        Category(
            "action_areas",
            "Action Areas Tool",
            (
                Table(
                    models.ActionArea,
                    Key.STUDENT,
                    values=("product", "occurred_on", "skill", "lessons_failed"),
                    fact=True,
                ),
            ),
            LANGUAGE_ONLY,
        ),
        Category(
            "portfolio",
            "Portfolio Artifacts",
            (
                Table(
                    models.PortfolioArtifact,
                    Key.STUDENT,
                    values=("product", "occurred_on", "kind"),
                    personal=("title", "file"),
                    files=("file",),
                    fact=True,
                ),
            ),
            LANGUAGE_AND_ESPANOL,
        ),
        Category(
            "playlists",
            "Playlists",
            (
                Table(
                    models.Playlist,
                    Key.SCHOOL,
                    values=("product", "educator_id", "title"),
                    harmless=(("title", "what a list of activities is called; it is retained with them"),),
                ),
                Table(
                    models.PlaylistActivity,
                    Key.PARENT,
                    values=("position", "activity"),
                    parent="playlist_id",
                    of=models.Playlist,
                ),
                Table(models.PlaylistAssignment, Key.STUDENT, values=("playlist_id", "assigned_on")),
            ),
            LANGUAGE_ONLY,
        ),
        Category(
            "groups",
            "Groups",
            (
                Table(
                    models.Group,
                    Key.SCHOOL,
                    values=("product", "educator_id"),
                    personal=("name",),
                    fact=True,
                    archive=models.GroupArchive,
                ),
                Table(
                    models.GroupMember,
                    Key.STUDENT,
                    values=("product", "occurred_on", "group_id"),
                    once=("school_year", "group_id"),
                    fact=True,
                    archive=models.GroupMemberArchive,
                ),
            ),
            ALL,
        ),
        Category(
            "educator_accounts",
            "Educator Accounts",
            (
                Table(
                    models.EducatorAccount,
                    Key.EDUCATOR,
                    values=("product", "created_on", "last_sign_in_on"),
                ),
            ),
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

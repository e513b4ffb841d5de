"""The check that maps and models agree: whatever is forgotten is named."""

from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from products.checks import check_data_maps, problems_of
from products.checks.coverage import column_problems, model_problems
from products.checks.shape import shape_problems
from products.datamap import Category, Key, Suite, Table
from products.facts import Fact, YearRecord
from products.fields import held_to
from products.hero.catalog import SUITE as HERO
from products.hero.products import ALL
from products.literacy import models as literacy
from products.literacy.catalog import SUITE as LITERACY
from products.literacy.products import LANGUAGE_ONLY
from products.registry import suites
from rostering.catalog import EXEMPT, ROSTER


def changed(suite: Suite, category_code: str, **changes: Any) -> Suite:
    """The suite with the first table of a category changed."""
    category = suite.category(category_code)
    tables = (replace(category.tables[0], **changes), *category.tables[1:])
    new = replace(category, tables=tables)
    return replace(suite, categories=tuple(new if each is category else each for each in suite.categories))


def found(suite: Suite, label: str = "literacy", exempt: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(problem.code, problem.text) for problem in problems_of(label, suite, exempt or {})]


def test_the_maps_that_are_installed_are_complete() -> None:
    assert check_data_maps() == []
    assert len(suites()) == 4


def test_the_check_runs_at_start_up_and_names_app_and_model(monkeypatch: pytest.MonkeyPatch) -> None:
    without = replace(HERO, categories=HERO.categories[1:])
    monkeypatch.setattr("products.checks.suites", lambda: (without,))
    messages = [message for message in run_checks() if message.id == "products.E001"]
    assert {message.obj for message in messages} == {"hero.TrackingEvent", "hero.TrackingEventArchive"}
    assert all(message.hint for message in messages)
    assert check_data_maps([apps.get_app_config("literacy")]) == []
    assert len(check_data_maps([apps.get_app_config("hero")])) == 2


def test_a_table_in_two_categories_or_mapped_and_exempt() -> None:
    twice = replace(LITERACY, categories=(*LITERACY.categories, LITERACY.categories[0]))
    assert ("E002", "literacy.StudentAccount is mapped 2 times in literacy.") in found(twice)
    texts = found(LITERACY, exempt={"literacy.Reward": "because"})
    assert ("E002", "literacy.Reward is mapped and exempt in literacy.") in texts


def test_an_exemption_needs_a_model_and_a_reason() -> None:
    models_found = list(apps.get_app_config("rostering").get_models())
    assert not list(model_problems(models_found, ROSTER, EXEMPT))
    assert all(len(reason) > 20 for reason in EXEMPT.values())
    codes = [
        p.text for p in model_problems(models_found, ROSTER, {**EXEMPT, "rostering.Sync": " ", "rostering.No": "x"})
    ]
    assert codes == [
        "roster maps or exempts rostering.No, which its app does not have.",
        "rostering.Sync is exempt without a reason.",
    ]


@pytest.mark.parametrize(
    ("category", "changes", "code", "text"),
    [
        ("usage", {"values": ("product", "occurred_on", "minutes")}, "E004", "literacy.Usage.sessions is neither"),
        ("usage", {"values": ("product", "occurred_on", "minutes", "sessions", "hours")}, "E005", "Usage.hours"),
        ("usage", {"personal": ("minutes",)}, "E006", "literacy.Usage.minutes has two roles"),
        ("usage", {"personal": ("student_id",)}, "E006", "literacy.Usage.student_id has two roles"),
        ("usage", {"fact": False, "archive": None}, "E010", "literacy.Usage is a YearRecord"),
        ("usage", {"fact": False}, "E010", "has an archive twin but"),
        ("usage", {"archive": literacy.Benchmark}, "E011", "only literacy.Usage has minutes smallint not null"),
        ("booster_bits", {"once": ("colour",)}, "E013", "one row for each 'colour'"),
        ("student_accounts", {"fact": True}, "E010", "literacy.StudentAccount is not a YearRecord"),
        (
            "student_accounts",
            {"key": Key.EDUCATOR},
            "E009",
            "is said to belong to a educator_id",
        ),
        ("student_accounts", {"key": Key.PARENT, "parent": "x"}, "E009", "'x' leads to no table"),
        (
            "portfolio",
            {"values": ("product", "occurred_on", "kind", "title"), "personal": ("file",)},
            "E007",
            "literacy.PortfolioArtifact.title looks like a name",
        ),
        ("playlists", {"harmless": (("title", " "),)}, "E007", "literacy.Playlist.title looks like a name"),
        ("usage", {"harmless": (("occurred", "x"),)}, "E007", "occurred is called harmless"),
        ("portfolio", {"files": ("kind", "file")}, "E008", "PortfolioArtifact.kind is a stored file"),
        ("portfolio", {"files": ()}, "E008", "does not list it in files"),
    ],
)
def test_each_slip_in_a_map_is_named(category: str, changes: dict[str, Any], code: str, text: str) -> None:
    problems = found(changed(LITERACY, category, **changes))
    assert any(code == each and text in what for each, what in problems), problems


def test_the_constraint_lets_in_exactly_the_categorys_products() -> None:
    category = LITERACY.category("benchmarks")
    wider = replace(category, products=LITERACY.products)
    problems = [problem.text for problem in shape_problems(wider, category.tables[0])]
    assert problems == [
        f"literacy.{name} lets in language_literacy, but category 'benchmarks' is of "
        "espanol, language_literacy, lectura, reading."
        for name in ("Benchmark", "BenchmarkArchive")
    ]


@isolate_apps("products.hero")
def test_a_new_model_or_column_without_a_place_is_named() -> None:
    class Kudos(Fact):
        points = models.SmallIntegerField()
        remark = models.TextField()

        class Meta(Fact.Meta):
            app_label = "hero"

    class KudosArchive(Fact):
        points = models.IntegerField(null=True)
        remark = models.TextField(db_index=True)

        class Meta:
            app_label = "hero"
            constraints = (held_to(ALL, "kudosarchive_product"),)

    (problem,) = model_problems([Kudos], replace(HERO, categories=()), {})
    assert (problem.code, problem.text) == ("E001", "hero.Kudos is in no category of the data map hero.")
    table = Table(Kudos, Key.STUDENT, values=("product", "occurred_on"), fact=True, archive=KudosArchive)
    category = Category("kudos", "Kudos", (table,), ALL)
    texts = [(problem.code, problem.text) for problem in column_problems(category, table)]
    assert texts == [
        ("E004", "hero.Kudos.points is neither key, value nor personal in category 'kudos'."),
        ("E004", "hero.Kudos.remark is neither key, value nor personal in category 'kudos'."),
    ]
    plain = replace(table, values=("product", "occurred_on", "points", "remark"))
    assert [problem.code for problem in column_problems(category, plain)] == ["E007"]
    twin = [problem.text for problem in shape_problems(category, table) if problem.code == "E011"]
    assert any("differ in their columns: only hero.Kudos has points smallint not null" in text for text in twin)
    assert any("differ in their indexes: only hero.KudosArchive has an index on remark" in text for text in twin)
    assert any("differ in their constraints" in text for text in twin)
    (open_door,) = [problem for problem in shape_problems(category, table) if problem.code == "E012"]
    assert open_door.text == "hero.Kudos lets in any product, but category 'kudos' is of hero."


@isolate_apps("products.literacy")
def test_a_file_field_is_personal_and_a_stored_file() -> None:
    class Drawing(YearRecord):
        picture = models.FileField()

        class Meta(YearRecord.Meta):
            app_label = "literacy"

    plain = Table(Drawing, Key.SCHOOL, values=("product", "picture"), fact=True)
    category = Category("drawings", "Drawings", (plain,), LANGUAGE_ONLY)
    assert [problem.code for problem in column_problems(category, plain)] == ["E007"]
    unlisted = replace(plain, values=("product",), personal=("picture",))
    assert [problem.code for problem in column_problems(category, unlisted)] == ["E008"]
    assert not list(column_problems(category, replace(unlisted, files=("picture",))))


def test_what_identifies_a_person_is_personal_in_the_roster() -> None:
    personal = {f"{table.name}.{column}" for table in ROSTER.tables for column in table.personal}
    for column in ("given_name", "family_name", "birth_date", "student_number", "email", "username", "sourced_id"):
        assert f"rostering_studentidentity.{column}" in personal

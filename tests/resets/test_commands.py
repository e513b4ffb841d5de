"""The commands, as somebody at a terminal uses them."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from products.models import Subscription
from resets.models import ResetRun, ResetSchedule, RunState
from rostering.models import StudentIdentity
from tenants.models import District
from tenants.schema import enter_district


@pytest.fixture
def district(filled: Callable[..., District], clock: Callable[[str], Any]) -> District:
    clock("2026-06-20T12:00+00:00")
    made = filled(suites="literacy", students=60)
    Subscription.objects.filter(district=made).delete()
    Subscription.objects.create(district=made, product="language_literacy", starts_on="2025-08-01")
    return made


def answer(*arguments: str, **options: Any) -> Any:
    out = StringIO()
    call_command(*arguments, stdout=out, json=True, **options)
    return json.loads(out.getvalue())


def test_a_year_end_by_commands(district: District, clock: Callable[[str], Any]) -> None:
    slug = district.slug
    answer("schedule_reset", slug, "literacy", "2026-07-14", reason="agreed by telephone")
    assert str(ResetSchedule.objects.get().on) == "2026-07-14"
    shown = answer("preview_reset", slug, "literacy")
    assert shown["reset_on"] == "2026-07-14"
    by_category = {line["category"]: line for line in shown["lines"]}
    assert by_category["benchmarks"]["archived"] > 0
    assert by_category["avatars"]["deleted"] > 0
    with enter_district(district):
        number = StudentIdentity.objects.earliest("student_id").student_number
    sentence = answer("explain", slug, number, "literacy", "benchmarks")["literacy"][0]["sentence"]
    assert "will be reset on July 14, 2026: archived" in sentence
    assert "“Benchmark data is archived”" in sentence

    clock("2026-07-14T15:00+00:00")
    done = answer("run_reset", slug, "literacy", inline=True)

    assert done["state"] == RunState.COMPLETED
    for category in ("benchmarks", "avatars", "progress", "playlists"):
        lines = [line for line in done["counts"] if line["category"] == category]
        for name in ("before", "retained", "archived", "deleted", "changed"):
            assert sum(line[name] for line in lines) == by_category[category][name], (category, name)
    told = answer("explain", slug, number, "literacy")["literacy"]
    assert all("was reset on July 14, 2026" in line["sentence"] for line in told)
    with pytest.raises(CommandError, match="was reset already"):
        call_command("run_reset", slug, "literacy", inline=True)
    assert ResetRun.objects.count() == 1


def test_a_refused_date_says_why_and_which_is_nearest(district: District) -> None:
    with pytest.raises(CommandError, match=r"June 19, 2026 or after.*nearest valid date is June 21, 2026"):
        call_command("schedule_reset", district.slug, "literacy", "2026-06-12")
    assert not ResetSchedule.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("preview_reset", "nowhere", "literacy"), "no district 'nowhere'"),
        (("preview_reset", "birch", "chess"), "no suite 'chess'; there are:"),
        (("schedule_reset", "birch", "math", "2026-07-14"), "subscribes to no product"),
        (("run_reset", "birch", "literacy"), "has no reset date"),
        (("explain", "birch", "no-such-id"), "no student of this district"),
    ],
)
def test_what_is_asked_wrongly_is_answered_clearly(arguments: tuple[str, ...], words: str, district: District) -> None:
    with pytest.raises(CommandError, match=words):
        call_command(*arguments)


def test_the_preview_for_people(district: District, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("preview_reset", district.slug, "literacy", schools=True)
    shown = capsys.readouterr().out
    assert "Imagine Learning Literacy suite" in shown
    assert "What is deleted cannot be restored" in shown
    out = StringIO()
    call_command("preview_reset", district.slug, "literacy", plan=True, stdout=out)
    assert "literacy_benchmark: move the partitions to the archive of" in out.getvalue()

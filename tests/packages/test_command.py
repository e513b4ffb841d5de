"""`build_package`: asks, waits and says how far it is, and fails in words."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reports.packages.models import Package, PackageState
from reports.packages.places import path_of
from reports.packages.services import KIND, build_package
from tenants.models import District
from tests.packages.conftest import NOW, work

COMMAND = "reports.packages.management.commands.build_package"


@pytest.fixture
def birch(filled: Callable[..., District], clock: Callable[[str], Any]) -> District:
    clock(NOW.isoformat())
    return filled("birch", suites="math", students=40)


def meanwhile(monkeypatch: pytest.MonkeyPatch, does: Callable[[Package], object]) -> None:
    """What happens while the command sleeps."""
    monkeypatch.setattr(f"{COMMAND}.time", SimpleNamespace(sleep=lambda _: does(Package.objects.get())))


@pytest.mark.usefixtures("bare")
def test_it_waits_and_names_the_file(birch: District, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda package: work(birch, KIND, package, build_package))
    said = io.StringIO()
    call_command("build_package", "birch", "math", "2026", "--wait", stdout=said)
    package = Package.objects.get()
    assert said.getvalue().splitlines() == [
        f"package {package.pk}",
        "0 percent: waiting for a worker",
        f"built and checked: {path_of(package)}, SHA-256 {package.sha256}",
    ]
    assert path_of(package).is_file()


def test_it_fails_with_the_packages_own_words(birch: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(package: Package) -> None:
        Package.objects.filter(pk=package.pk).update(state=PackageState.FAILED, error="The disk is full.")

    meanwhile(monkeypatch, fails)
    with pytest.raises(CommandError, match="The disk is full"):
        call_command("build_package", "birch", "math", "2026", "--wait", stdout=io.StringIO())


@pytest.mark.parametrize(("slug", "suite", "words"), [("elm", "math", "no district elm"), ("birch", "art", "art")])
def test_what_there_is_not_is_said(birch: District, slug: str, suite: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("build_package", slug, suite, "2026", stdout=io.StringIO())
    assert not Package.objects.exists()

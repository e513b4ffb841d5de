"""Pulling from another provider: whole rosters and changes, the brake, and every way in which a provider can fail."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from ledger.models import LedgerEntry
from rostering.models import (
    EducatorRole,
    Enrollment,
    Guardian,
    RosterProvider,
    School,
    Student,
    StudentIdentity,
    Sync,
    SyncState,
)
from rostering.provider.fetching import STATE
from rostering.provider.pulling import pull_folder, pull_roster
from rostering.services import import_bundle
from rostering.services.nightly import run_nightly_sync
from rostering.services.sources import Nightly, SourceError, choose_nightly, nightly_of, remove_provider, set_provider
from tenants import clock
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.rostering.bundles import AS_OF, add_adult, small_bundle
from tests.support.answering import Reply, Served
from tests.support.oneroster import CLIENT, SECRET, Provider, for_path, provided

COMPARED = {
    "school": "sourced_id, name, number, is_active",
    "parentorg": "sourced_id, name, kind, identifier, is_active",
    "academicsession": "sourced_id, title, kind, starts_on, ends_on, school_year, parent_sourced_id",
    "course": "sourced_id, title, code, grades",
    "section": "sourced_id, title, kind, grades, term_sourced_ids",
    "studentidentity": "sourced_id, student_number, given_name, family_name, preferred_name, email, birth_date",
    "educatoridentity": "sourced_id, given_name, family_name, email",
    "guardianidentity": "sourced_id, given_name, family_name, email",
    "educatorrole": "role, is_primary, is_active",
    "enrollment": "sourced_id, starts_on, ends_on, is_active",
    "teachingassignment": "sourced_id, role, is_primary, is_active",
    "studentdemographics": "sex, race, hispanic_or_latino",
}


@pytest.fixture(params=["1.2", "1.1"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def source(settings: Any, tmp_path: Path) -> Iterator[tuple[Provider, Served]]:
    settings.MEDIA_ROOT = tmp_path / "media"
    with provided(small_bundle(students=40)) as (provider, served):
        settings.OUTBOUND_TRUSTED = frozenset({served.host})
        yield provider, served


@pytest.fixture
def provider(source: tuple[Provider, Served], entered: Any) -> Provider:
    """A provider that is set up in the entered district."""
    set_up(entered, source[1])
    return source[0]


def set_up(district: Any, served: Served, version: str = "1.2", secret: str = SECRET) -> RosterProvider:
    given = {"version": version, "address": served.url, "token_address": f"{served.url}/token"}
    return set_provider(district, **given, client_id=CLIENT, secret=secret, actor="tests", at=clock.now())


def pull(district: Any, *, as_of: dt.date = AS_OF, pauses: list[float] | None = None, **more: Any) -> Sync:
    kept = [] if pauses is None else pauses
    return pull_roster(district, "key", actor="district_admin:1", as_of=as_of, sleep=kept.append, **more)


def _contents(district: Any) -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for table, columns in COMPARED.items():
            cursor.execute(f'SELECT {columns} FROM "{district.schema_name}".rostering_{table} ORDER BY 1, 2, 3')
            found[table] = sorted(cursor.fetchall(), key=str)
    return found


def test_a_pull_equals_the_database_of_the_source(
    version: str, settings: Any, district: Any, other_district: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    bundle = small_bundle(version=version, students=20)
    add_adult(bundle, "g1", "guardian", "sch1")
    bundle.of("users", "s1")["agentSourcedIds"] = "g1"
    with enter_district(other_district):
        import_bundle(bundle.write(tmp_path), source="command", actor="tests", as_of=AS_OF)
    with provided(bundle) as (_, served), enter_district(district):
        settings.OUTBOUND_TRUSTED = frozenset({served.host})
        set_up(district, served, version)
        sync = pull(district)
        assert (sync.state, sync.error_count, sync.note) == (SyncState.APPLIED, 0, "")
        assert (Student.objects.count(), Guardian.objects.count()) == (20, 1)
    assert _contents(district) == _contents(other_district)
    assert not any(pull_folder(district, "key").parent.iterdir())


def _queries(served: Served, collection: str) -> list[dict[str, str]]:
    asked = [urlsplit(each.path) for each in served.asked]
    return [
        {name: value[0] for name, value in parse_qs(each.query).items()}
        for each in asked
        if each.path.endswith(f"/{collection}")
    ]


def test_pages_are_read_to_the_end_though_the_provider_makes_them_smaller(
    provider: Provider, source: tuple[Provider, Served], entered: Any
) -> None:
    assert pull(entered).state == SyncState.APPLIED
    asked = _queries(source[1], "users")
    assert [int(query["offset"]) for query in asked] == list(range(0, 42, provider.largest))
    assert all("filter" not in query and query["sort"] == "sourcedId" for query in asked)
    basic = next(each.headers["authorization"] for each in source[1].asked if each.path == "/token")
    assert basic.startswith("Basic ")
    assert SECRET not in RosterProvider.objects.get().sealed_secret


def test_changes_are_never_read_as_withdrawals(
    provider: Provider, source: tuple[Provider, Served], entered: Any
) -> None:
    pull(entered)
    for number in range(2, 12):  # gone from the provider without a mark: a change says nothing of them
        provider.collections["users"].remove(provider.of("users", f"s{number}"))
    provider.change("users", "s1", givenName="Renamed")
    provider.change("enrollments", "e-s1", status="tobedeleted")
    provider.change("users", "s40", status="tobedeleted")
    sync = pull(entered)
    assert (sync.state, sync.file_name) == (SyncState.APPLIED, f"provider-changes-{AS_OF}")
    assert Student.objects.filter(status="active").count() == 39
    assert StudentIdentity.objects.get(sourced_id="s1").given_name == "Renamed"
    assert not Enrollment.objects.get(sourced_id="e-s1").is_active
    assert all("filter" in query for query in _queries(source[1], "users")[6:])


def test_what_a_dead_pull_has_left_goes_with_a_later_one(provider: Provider, entered: Any) -> None:
    old, young = pull_folder(entered, "old"), pull_folder(entered, "young")
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "users.part").write_text("somebody")
    os.utime(old, (1, 1))
    pull(entered)
    assert (old.exists(), young.exists()) == (False, True)


def test_nothing_new_is_no_change(provider: Provider, entered: Any) -> None:
    pull(entered)
    before = _contents(entered)
    assert pull(entered).error_count == 0
    assert pull(entered).state in (SyncState.APPLIED, SyncState.UNCHANGED)
    assert _contents(entered) == before


def test_a_role_that_a_user_no_longer_has_ends(provider: Provider, entered: Any) -> None:
    aside = {"roleType": "secondary", "role": "counselor", "org": {"sourcedId": "sch2"}}
    district_wide = {"roleType": "secondary", "role": "aide", "org": {"sourcedId": "d1"}}
    provider.of("users", "t1")["roles"] += [aside, district_wide]
    pull(entered)
    roles = EducatorRole.objects.filter(educator__identity__sourced_id="t1")
    assert set(roles.filter(is_active=True).values_list("role", flat=True)) == {"teacher", "counselor", "aide"}
    provider.change("users", "t1", roles=provider.of("users", "t1")["roles"][:1])
    assert pull(entered).state == SyncState.APPLIED
    assert set(roles.filter(is_active=True).values_list("role", flat=True)) == {"teacher"}


def test_a_whole_pull_has_the_brake_of_every_bundle(provider: Provider, entered: Any) -> None:
    pull(entered)
    for number in range(1, 9):
        provider.change("users", f"s{number}", status="tobedeleted")
        provider.change("enrollments", f"e-s{number}", status="tobedeleted")
        provider.change("demographics", f"s{number}", status="tobedeleted")
    sync = pull(entered, whole=True)
    assert (sync.state, sync.file_name) == (SyncState.PARTLY_HELD, f"provider-whole-{AS_OF}")
    assert Student.objects.filter(status="active").count() == 40


def test_everything_is_read_at_first_on_request_and_in_a_new_year(
    provider: Provider, source: tuple[Provider, Served], entered: Any
) -> None:
    assert pull(entered).file_name.startswith("provider-whole")
    assert pull(entered).file_name.startswith("provider-changes")
    assert pull(entered, whole=True).file_name.startswith("provider-whole")
    RosterProvider.objects.update(full_year=2025)
    assert pull(entered).file_name.startswith("provider-whole")
    set_up(entered, source[1])
    assert pull(entered).file_name.startswith("provider-whole")


def test_a_provider_that_knows_no_filter_is_read_whole(provider: Provider, entered: Any) -> None:
    pull(entered)
    provider.faults.append(lambda asked: Reply(400) if "filter=" in asked.path else None)
    assert pull(entered).file_name.startswith("provider-whole")


def test_what_the_client_has_no_right_to_is_said(provider: Provider, entered: Any) -> None:
    provider.faults.append(lambda asked: Reply(403) if "/demographics" in asked.path else None)
    sync = pull(entered)
    assert (sync.state, sync.note) == (SyncState.APPLIED, "The provider did not offer demographics.")


def test_a_busy_provider_is_waited_for(provider: Provider, entered: Any) -> None:
    busy = [Reply(429, headers={"Retry-After": "7"}), Reply(503), Reply(500, headers={"Retry-After": "9999"})]
    provider.faults.append(for_path("/users", *busy))
    pauses: list[float] = []
    assert pull(entered, pauses=pauses).state == SyncState.APPLIED
    assert pauses == [7, 2, 120]


def test_a_token_that_has_run_out_is_replaced(provider: Provider, entered: Any) -> None:
    provider.faults.append(for_path("/users", Reply(401)))
    assert pull(entered).state == SyncState.APPLIED
    assert provider.tokens == 2


def test_scopes_that_the_provider_does_not_know_are_left_out(provider: Provider, entered: Any) -> None:
    provider.faults.append(for_path("/token", *[Reply(400, b'{"error": "invalid_scope"}')] * 2))
    assert pull(entered).state == SyncState.APPLIED


def _twice(page: bytes, total: int) -> Reply:
    return Reply(200, page, {"X-Total-Count": str(total)})


ORGS = json.dumps({"orgs": [{"sourcedId": "d1"}, {"sourcedId": "sch1"}, {"sourcedId": "d1"}]}).encode()
FEW = json.dumps({"users": [{"sourcedId": "s1"}]}).encode()
NONE = json.dumps({"users": []}).encode()


@pytest.mark.parametrize(
    ("path", "replies", "said"),
    [
        ("/token", [Reply(401)], "does not accept this client id and secret"),
        ("/token", [Reply(200, b"<html>")], "gave no access token"),
        ("/token", [Reply(302, headers={"Location": "http://127.0.0.1:1/"})], "leads elsewhere"),
        ("/users", [Reply(302, headers={"Location": "http://169.254.169.254/"})], "leads elsewhere"),
        ("/users", [Reply(200, b"<html>Log in</html>")], "gives a web page"),
        ("/users", [Reply(200, b'{"users": {}}')], "gives something else"),
        ("/users", [Reply(200, b'{"users": ["x"]}')], "gives something else"),
        ("/users", [Reply(200, b'{"users": [{}]}')] * 2, "without a sourcedId"),
        ("/users", [Reply(404)], "does not offer users"),
        ("/users", [Reply(418)], "answers 418"),
        ("/users", [Reply(401)] * 2, "does not accept its own token"),
        ("/users", [Reply(503)] * 20, "did not answer in 7 tries. It answers 503"),
        ("/users", [_twice(FEW, 2), _twice(NONE, 2)] * 2, "announced 2 users and gave 1"),
        ("/users", [_twice(FEW, 9), _twice(FEW, 8)] * 2, "changed while they were read: first 9, then 8"),
        ("/users", [_twice(FEW, 9), _twice(FEW, 9)] * 2, "a record of users twice"),
        ("/users", [_twice(FEW, 0)] * 2, "announced 0 users and gave 1"),
        ("/users", [_twice(NONE, 0)], "gave no users"),
    ],
)
def test_a_provider_that_fails_changes_nothing_and_the_record_says_why(
    path: str, replies: list[Reply], said: str, provider: Provider, entered: Any
) -> None:
    provider.faults.append(for_path(path, *replies))
    sync = pull(entered)
    assert sync.state == SyncState.FAILED
    assert said in sync.note
    assert SECRET not in sync.note
    assert School.objects.count() == 0
    assert RosterProvider.objects.get().read_to is None
    assert pull(entered, whole=True).state == (SyncState.APPLIED if len(replies) < 20 else SyncState.FAILED)


def test_pages_that_only_changed_once_are_read_again(provider: Provider, entered: Any) -> None:
    provider.faults.append(for_path("/users", _twice(FEW, 9), _twice(FEW, 8)))
    assert pull(entered).state == SyncState.APPLIED
    assert Student.objects.count() == 40


def test_a_provider_without_counts_is_read_until_an_empty_page(provider: Provider, entered: Any) -> None:
    answer = provider.answer

    def without(asked: Any) -> Reply | None:
        provider.faults.clear()
        reply = answer(asked)
        provider.faults.append(without)
        reply.headers.pop("X-Total-Count", None)
        return reply

    provider.faults.append(without)
    assert pull(entered).state == SyncState.APPLIED
    assert Student.objects.count() == 40


def test_a_provider_that_is_down(provider: Provider, source: tuple[Provider, Served], entered: Any) -> None:
    source[1].server.server_close()
    sync = pull(entered)
    assert sync.state == SyncState.FAILED
    assert "did not answer in 7 tries" in sync.note


def test_a_refused_pull_is_asked_for_again(provider: Provider, entered: Any) -> None:
    pull(entered)
    first = RosterProvider.objects.get().read_to
    provider.change("users", "s1", username="")
    sync = pull(entered)
    assert (sync.state, sync.error_count) == (SyncState.REFUSED, 1)
    assert RosterProvider.objects.get().read_to == first
    provider.change("users", "s1", username="u1")
    assert pull(entered).state == SyncState.APPLIED


def test_an_older_reading_is_not_imported_after_a_newer_one(provider: Provider, entered: Any) -> None:
    pull(entered)

    def come_between(_: float) -> None:
        RosterProvider.objects.update(read_to=clock.now())

    provider.change("users", "s1", givenName="Renamed")
    provider.faults.append(for_path("/users", Reply(503)))
    sync = pull_roster(entered, "key", actor="tests", as_of=AS_OF, sleep=come_between)
    assert (sync.state, "another pull came first" in sync.note) == (SyncState.FAILED, True)
    assert StudentIdentity.objects.get(sourced_id="s1").given_name == "Given1"


def test_nights_pull_where_that_was_chosen(provider: Provider, entered: Any) -> None:
    at = clock.now()
    assert nightly_of(entered) is Nightly.OFF
    choose_nightly(entered, Nightly.PROVIDER, actor="district_admin:1", at=at)
    assert District.objects.get(pk=entered.pk).nightly_sync
    run_nightly_sync(entered, Job(district=entered, payload={"on": "2025-09-02"}))
    sync = Sync.objects.get()
    assert (sync.state, sync.source, sync.actor) == (SyncState.APPLIED, "pull", "system:nightly")
    choose_nightly(entered, Nightly.DROP, actor="district_admin:1", at=at)
    run_nightly_sync(entered, Job(district=entered, payload={"on": "2025-09-03"}))
    assert "drop folder" in Sync.objects.latest("started_at").note
    choose_nightly(entered, Nightly.PROVIDER, actor="district_admin:1", at=at)
    remove_provider(entered, actor="district_admin:1", at=at)
    assert nightly_of(entered) is Nightly.OFF
    with pytest.raises(SourceError):
        choose_nightly(entered, Nightly.PROVIDER, actor="district_admin:1", at=at)
    kinds = list(LedgerEntry.objects.filter(district_id=entered.pk).order_by("id").values_list("kind", flat=True))
    assert [kind for kind in kinds if "roster_p" in kind or "nightly" in kind] == [
        "roster_provider_set",
        *["nightly_source_chosen"] * 3,
        "roster_provider_removed",
    ]


def test_the_secret_goes_only_where_it_was_entered_for(source: tuple[Provider, Served], entered: Any) -> None:
    set_up(entered, source[1])
    set_up(entered, source[1], version="1.1", secret="")
    at = {"version": "1.2", "client_id": CLIENT, "secret": "", "actor": "tests", "at": clock.now()}
    with pytest.raises(SourceError, match="Enter the secret"):
        set_provider(entered, address=source[1].url, token_address="https://elsewhere.example.org/token", **at)
    for address in ("http://sis.example.org", "https://10.0.0.1/ims", "https://sis.example.org/?a=b"):
        with pytest.raises(SourceError):
            set_provider(entered, address=address, token_address=f"{source[1].url}/token", **at)


KILLED = """
import django, os, signal, sys, datetime as dt; django.setup()
from django.conf import settings
from rostering.provider import reading
from rostering.provider.pulling import pull_roster
from tenants.models import District
from tenants.schema import enter_district
settings.OUTBOUND_TRUSTED, settings.MEDIA_ROOT = frozenset({sys.argv[2]}), sys.argv[3]
add = reading.SeenKeys.add
def die(self, keys):
    if self.path.name == "users.seen" and "s40" in keys: os.kill(os.getpid(), signal.SIGKILL)
    return add(self, keys)
reading.SeenKeys.add = die
with enter_district(District.objects.get(slug=sys.argv[1])):
    pull_roster(District.objects.get(slug=sys.argv[1]), "key", actor="tests", as_of=dt.date(2025, 9, 1))
"""


def test_a_worker_killed_half_way_is_followed_by_one_that_goes_on(
    committed_district: Any, source: tuple[Provider, Served], settings: Any
) -> None:
    with enter_district(committed_district):
        set_up(committed_district, source[1])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "-c", KILLED, committed_district.slug, source[1].host, str(settings.MEDIA_ROOT)]
    done = subprocess.run(command, env=environment, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -signal.SIGKILL
    assert (pull_folder(committed_district, "key") / STATE).is_file()
    read = len(_queries(source[1], "enrollments"))
    with enter_district(committed_district):
        assert (Sync.objects.count(), Student.objects.count()) == (0, 0)
        assert pull(committed_district).state == SyncState.APPLIED
        assert Student.objects.count() == 40
    assert len(_queries(source[1], "enrollments")) == read  # what had been read was not read again

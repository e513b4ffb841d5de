"""The page of a roster's sources: nights, the provider and its pulls, SFTP keys; without JavaScript."""

from collections.abc import Iterator
from typing import Any

import asyncssh
import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from rostering.models import RosterProvider, SftpKey, Sync
from rostering.provider.jobs import KIND, run_pull
from rostering.sftp.folders import publish_host_keys
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.support.answering import Reply, Served
from tests.support.oneroster import CLIENT, SECRET, Provider, for_path, provided
from tests.support.people import logged_in

PAGE = "/rosters/source/"


@pytest.fixture
def source(settings: Any, tmp_path: Any) -> Iterator[tuple[Provider, Served]]:
    settings.DROP_ROOT = tmp_path / "drop"
    with provided(small_bundle(students=44)) as (provider, served):
        settings.OUTBOUND_TRUSTED = frozenset({served.host})
        yield provider, served


def save(admin: Client, served: Served, **more: str) -> Any:
    said = {"version": "1.2", "address": served.url, "token_address": f"{served.url}/token", "client_id": CLIENT}
    return admin.post(f"{PAGE}provider/", {**said, "secret": SECRET, **more})


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_provider_is_set_up_tested_and_pulled(
    admin: Client, rostered: District, source: tuple[Provider, Served]
) -> None:
    provider, served = source
    assert "Set up a provider" in text(admin.get(PAGE))
    assert save(admin, served).status_code == 302
    shown = text(admin.get(PAGE)) + text(admin.get(f"{PAGE}provider/"))
    assert served.url in shown
    assert SECRET not in shown
    tried = text(admin.post(f"{PAGE}provider/test/"))
    assert "The connection works" in tried
    assert tried.count('<td class="num" data-label="Records">46</td>') == 2  # users and enrollments
    with enter_district(rostered):
        assert not Sync.objects.filter(source="pull").exists()
    page = admin.post(f"{PAGE}pull/")["Location"]
    assert "Waiting for its turn" in text(admin.get(page))
    assert admin.post(f"{PAGE}pull/", {"whole": "yes"})["Location"] == page  # one at a time
    assert "A pull is waiting" in text(admin.get(PAGE))
    work(rostered)
    assert "OneRoster pull" in text(admin.get(page, follow=True))
    with enter_district(rostered):
        assert Sync.objects.latest("started_at").counts["student"]["created"] == 4
    assert "Pull everything now" in text(admin.get(PAGE))
    provider.faults.append(for_path("/users", Reply(200, b"<html>")))
    admin.post(f"{PAGE}pull/", {"whole": "yes"})
    work(rostered)
    assert "gives a web page: check its address and version. Nothing was changed." in text(admin.get(PAGE))


def work(district: District) -> None:
    """Do the pull that was asked for, as the worker would."""
    from tenants.jobs.services import finish_job, start_attempt

    with schema_context("public"):
        job = Job.objects.get(kind=KIND, state="waiting")
        job = start_attempt(str(job.pk), district.pk) or job
    with enter_district(district):
        run_pull(district, job)
        job.refresh_from_db()
        run_pull(district, job)  # once more does nothing
    finish_job(job)


def test_what_cannot_be_saved_says_why_at_its_field(admin: Client, source: tuple[Provider, Served]) -> None:
    _, served = source
    for field, value, said in (
        ("address", "http://sis.example.org", "must begin with https"),
        ("address", "https://192.168.1.5/ims", "leads inside of a network"),
        ("token_address", "https://me:pw@sis.example.org", "Leave name and password out"),
        ("secret", "", "Enter the secret"),
        ("client_id", "", "This field is required"),
    ):
        refused = save(admin, served, **{field: value})
        assert (refused.status_code, said in text(refused)) == (400, True), field
        assert SECRET not in text(refused)
    assert not RosterProvider.objects.exists()


def test_a_connection_that_does_not_work_says_why(admin: Client, source: tuple[Provider, Served]) -> None:
    provider, served = source
    assert admin.post(f"{PAGE}provider/test/").status_code == 302
    save(admin, served)
    provider.faults.append(for_path("/token", Reply(401)))
    assert "does not accept this client id and secret" in text(admin.post(f"{PAGE}provider/test/"))
    provider.faults.append(for_path("/demographics", Reply(403)))
    assert "Not offered to this client" in text(admin.post(f"{PAGE}provider/test/"))


def test_nights_are_chosen(admin: Client, rostered: District, source: tuple[Provider, Served]) -> None:
    refused = text(admin.post(f"{PAGE}nightly/", {"nightly": "provider"}, follow=True))
    assert "Set up the OneRoster provider first" in refused
    assert "Choose one of the three" in text(admin.post(f"{PAGE}nightly/", {"nightly": "x"}, follow=True))
    save(admin, source[1])
    admin.post(f"{PAGE}nightly/", {"nightly": "provider"})
    assert "is pulled from your OneRoster provider" in text(admin.get("/rosters/"))
    removed = text(admin.post(f"{PAGE}provider/remove/", follow=True))
    assert "Set up a provider" in removed
    assert not District.objects.get(pk=rostered.pk).nightly_sync


def test_keys_are_added_and_removed(admin: Client, rostered: District, source: tuple[Provider, Served]) -> None:
    assert "has not run here yet" in text(admin.get(PAGE))
    publish_host_keys(["SHA256:of-the-host"])
    key = asyncssh.generate_private_key("ssh-ed25519")
    refused = admin.post(f"{PAGE}keys/", {"public_key": key.export_private_key().decode()})
    assert (refused.status_code, "PRIVATE KEY" in text(refused)) == (400, False)
    admin.post(f"{PAGE}keys/", {"public_key": key.export_public_key("openssh").decode()})
    shown = text(admin.get(PAGE))
    assert key.get_fingerprint() in shown
    assert "SHA256:of-the-host" in shown
    with enter_district(rostered):
        number = SftpKey.objects.get().pk
    admin.post(f"{PAGE}keys/{number}/remove/")
    assert key.get_fingerprint() not in text(admin.get(PAGE))


def test_others_see_none_of_it(rostered: District) -> None:
    assert logged_in(rostered, Role.SCHOOL_ADMIN).get(PAGE).status_code == 403

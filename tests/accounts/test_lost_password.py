"""Lost passwords: a link by mail, for its own host, once, and no word about who has an account."""

import logging
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import throttle
from accounts.models import Role, User
from accounts.services import create_district_user, deactivate_user
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import PASSWORD, client_at, make_person

NEW = "another-year-turns-round"
EMAIL = "dana@a.example"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def ask_for_link(client: Client, email: str = EMAIL) -> str:
    """The path of the link that was mailed, or nothing."""
    before = len(mail.outbox)
    response = client.post("/password/lost/", {"email": email})
    assert (response.status_code, response["Location"]) == (302, "/password/lost/sent/")
    if len(mail.outbox) == before:
        return ""
    found = re.search(r"https?://([^/]+)(/password/new/\S+)", mail.outbox[-1].body)
    assert found is not None
    assert found[1] == client.defaults["HTTP_HOST"]
    return found[2]


def choose(client: Client, link: str) -> bool:
    """Follow the link and choose a password; whether there was a form."""
    response = client.get(link)
    if response.status_code != 302:
        return False
    said = {"new_password1": NEW, "new_password2": NEW}
    return client.post(response["Location"], said).get("Location") == "/password/new/done/"


def logs_in(client: Client, password: str) -> bool:
    return client.post("/login/", {"username": EMAIL, "password": password}).status_code == 302


def test_a_link_gives_a_new_password_once(district: District) -> None:
    make_person(district, Role.DISTRICT_ADMIN, EMAIL)
    link = ask_for_link(client_at(district), "Dana@A.example")
    assert mail.outbox[0].subject == "Choose your password for Maple Unified"
    assert choose(client_at(district), link)
    assert logs_in(client_at(district), NEW)
    assert not logs_in(client_at(district), PASSWORD)
    assert not choose(client_at(district), link)
    assert b"The link is spent" in client_at(district).get(link).content


def test_who_never_had_a_password_chooses_one(district: District) -> None:
    with enter_district(district):
        create_district_user(email=EMAIL, password=None, name="Dana", role=Role.DISTRICT_ADMIN)
    assert choose(client_at(district), ask_for_link(client_at(district)))
    assert logs_in(client_at(district), NEW)


def test_vendors_too(db: None) -> None:
    make_person(None, Role.CSM, EMAIL)
    assert choose(client_at(None), ask_for_link(client_at(None)))
    assert logs_in(client_at(None), NEW)


def test_a_link_is_worth_nothing_elsewhere(district: District, other_district: District) -> None:
    for place in (district, other_district):
        with enter_district(place):
            User.objects.create(pk=77, email=EMAIL, name="Dana", role=Role.DISTRICT_ADMIN, password="!x")
    link = ask_for_link(client_at(district))
    assert not choose(client_at(other_district), link)
    assert not choose(client_at(None), link)
    assert choose(client_at(district), link)


def test_a_stranger_and_a_closed_account_read_the_same_and_get_no_mail(
    district: District, other_district: District
) -> None:
    person = make_person(district, Role.DISTRICT_ADMIN, EMAIL)
    assert not ask_for_link(client_at(district), "nobody@a.example")
    assert not ask_for_link(client_at(other_district))
    with enter_district(district):
        deactivate_user(person)
    assert not ask_for_link(client_at(district))
    assert not mail.outbox


def test_mails_are_limited_and_nothing_is_logged(district: District, caplog: pytest.LogCaptureFixture) -> None:
    make_person(district, Role.DISTRICT_ADMIN, EMAIL)
    with caplog.at_level(logging.DEBUG):
        links = [ask_for_link(client_at(district)) for _ in range(throttle.MAILS_ALLOWED + 2)]
    assert [bool(link) for link in links] == [True] * throttle.MAILS_ALLOWED + [False] * 2
    assert "dana" not in caplog.text.lower()


def test_a_new_password_opens_the_door_that_failures_closed(district: District) -> None:
    make_person(district, Role.DISTRICT_ADMIN, EMAIL)
    for _ in range(throttle.FAILURES_ALLOWED):
        throttle.count_failure("maple.localhost", EMAIL)
    assert not logs_in(client_at(district), PASSWORD)
    assert choose(client_at(district), ask_for_link(client_at(district)))
    assert logs_in(client_at(district), NEW)


def test_a_poor_password_is_refused(district: District) -> None:
    make_person(district, Role.DISTRICT_ADMIN, EMAIL)
    client = client_at(district)
    form = client.get(ask_for_link(client))["Location"]
    page = client.post(form, {"new_password1": "short", "new_password2": "short"})
    assert page.status_code == 200
    assert b"at least 12 characters" in page.content
    assert logs_in(client_at(district), PASSWORD)

"""Correspondence in a real Chromium: a wording is changed, a letter sent again by a real worker, pages looked at."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from correspondence.models import Kind, Letter, LetterState, MailTemplate
from correspondence.occasions import occasion_of, values_of
from correspondence.templates import current_template
from tenants.models import District
from tenants.schema import enter_district
from tests.correspondence.conftest import give_date, mailbox
from tests.correspondence.smtp import Mailbox
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, visiting
from tests.web.test_browser_dates import DESK, PHONE, at_the_desk, logged_in, looked_at

__all__ = ["mailbox"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]

NOW = "2026-07-08T15:00:00+00:00"
LETTERS = "/admin/correspondence/letter/"
EDITOR = f"{LETTERS}templates/before_14/"


@pytest.fixture
def posted(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, mailbox: Mailbox,
    settings: Any,
) -> District:  # fmt: skip
    """Birch, to whose first admin a letter came back and another failed; Casey's book."""
    chromium()
    clock(NOW)
    site.environment["YEARTURN_TEST_SMTP_PORT"] = str(settings.EMAIL_PORT)
    birch = give_date(committed_districts("birch"))
    make_person(None, Role.CSM, "casey@vendor.example")
    with enter_district(birch):
        ada = User.objects.get(email="ada@birch.example").pk
    for kind, state in ((Kind.BEFORE_60, LetterState.BOUNCED), (Kind.BEFORE_30, LetterState.UNKNOWN)):
        occasion = occasion_of(birch, "literacy", 2026, kind)
        assert occasion
        Letter.objects.create(
            district=birch, suite="literacy", school_year=2026, kind=kind, recipient_id=ada, attempts=1,
            recipient_role="district_admin", state=state, created_at=dt.datetime.fromisoformat(NOW),
            sent_at=dt.datetime.fromisoformat(NOW), answer="5.1.1: there is no such mailbox.",
            template=current_template(kind), values=values_of(occasion, dt.date(2026, 6, 1)),
        )  # fmt: skip
    return birch


def test_a_wording_is_changed_and_a_letter_sent_again(site: Site, posted: District, mailbox: Mailbox) -> None:
    site.start_worker("worker", concurrency=1)
    site.start_beat()
    with at_the_desk(site, posted) as visit:
        page = visit.log_in("casey@vendor.example")
        page.goto(f"{LETTERS}templates/")
        page.get_by_role("link", name=Kind.BEFORE_30.label).click()
        edited(page)
        page.get_by_role("button", name="Send a test to me").click()
        expect(page.get_by_text("a test letter to your own address")).to_be_visible()
        page.get_by_role("button", name="Save version 2").click()
        expect(page.get_by_text("Version 2 is saved")).to_be_visible()
        sent_again_by_keyboard(page)
    # Bob's reminder was due, and went by itself; Ada's was there already, and went when a person asked.
    assert sorted(mailbox.recipients) == ["ada@birch.example", "bob@birch.example", "casey@vendor.example"]
    assert MailTemplate.objects.get(kind=Kind.BEFORE_30, version=2).subject == "Hello Birch Unified {{ days }}"


def edited(page: Page) -> None:
    """Type a wording; the preview follows, also when it is wrong."""
    preview, subject = page.locator("#preview"), page.get_by_label("Subject")
    expect(preview).to_contain_text("Dear district admin of Birch Unified,")
    subject.fill("Hello Birch Unified {{ day }}")
    expect(preview).to_contain_text("There is no placeholder {{ day }}.")
    page.get_by_role("button", name="Save version 2").click()
    expect(page.locator("#id_subject_error")).to_contain_text("There is no placeholder {{ day }}.")
    subject.fill("Hello Birch Unified {{ days }}")
    expect(preview).to_contain_text("Hello Birch Unified 30 days")


def sent_again_by_keyboard(page: Page) -> None:
    """The unknown one, with the new wording, by a real worker."""
    page.goto(f"{LETTERS}?state__exact=unknown")
    page.get_by_role("link", name="Birch Unified").first.click()
    page.get_by_role("heading", name="Unknown whether it was sent. Send again?").wait_for()
    page.get_by_label("Reason").focus()
    page.keyboard.type("They have not got it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The letter is sent again within a minute")).to_be_visible()
    for _ in range(60):
        page.reload()
        if page.get_by_text("The mail server took it.").count():
            break
        page.wait_for_timeout(1000)
    expect(page.locator("main, #content, body").first).to_contain_text("Hello Birch Unified 20 days")


@pytest.mark.soak  # in states of their own; every page is looked at in test_browser_every_page
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(site: Site, posted: District) -> None:
    unknown, bounced = (Letter.objects.get(state=state).pk for state in (LetterState.UNKNOWN, LetterState.BOUNCED))
    pages = [
        LETTERS, f"{LETTERS}{unknown}/change/", f"{LETTERS}{bounced}/change/", f"{LETTERS}templates/", EDITOR,
        f"{LETTERS}upcoming/?on=2026-07-14&kind=before_14&suite=literacy",
    ]  # fmt: skip
    found: list[str] = []
    with visiting(site, posted) as portal:
        desk = Visit(portal.browser, portal.base.replace("birch.localhost", "localhost"))
        state, adas = logged_in(desk, "casey@vendor.example"), logged_in(portal, "ada@birch.example")
        for scheme in ("light", "dark"):
            page = desk.context(viewport=DESK, color_scheme=scheme, storage_state=state).new_page()
            for address in pages:
                page.goto(address)
                found += looked_at(page, f"{address}, {scheme}")
            page = portal.context(viewport=DESK, color_scheme=scheme, storage_state=adas).new_page()
            page.goto("/letters/")
            page.get_by_text("Read it").first.click()
            found += looked_at(page, f"letters, {scheme}")
    assert found == []


def test_a_preview_without_javascript(site: Site, posted: District) -> None:
    with visiting(site, posted) as portal:
        desk = Visit(portal.browser, portal.base.replace("birch.localhost", "localhost"))
        state = logged_in(desk, "casey@vendor.example")
        page = desk.context(viewport=PHONE, storage_state=state, java_script_enabled=False).new_page()
        page.goto(EDITOR)
        page.get_by_label("Subject").fill("Plain {{ days }}")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("#preview")).to_contain_text("Plain 14 days")

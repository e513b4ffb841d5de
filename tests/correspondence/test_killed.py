"""A real worker, killed while the mail server already has the letter: nobody gets it twice, and a person is told."""

import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django_tenants.utils import schema_context

from correspondence.models import Letter, LetterState
from tenants.models import District
from tests.correspondence.conftest import give_date, letters
from tests.correspondence.smtp import Mailbox
from tests.support.processes import Site

pytestmark = [pytest.mark.services, pytest.mark.timeout(280)]


def test_a_killed_worker_sends_nothing_twice(
    committed_districts: Callable[..., District],
    site: Site,
    mailbox: Mailbox,
    settings: Any,
    clock: Callable[[str], Any],
) -> None:
    birch = give_date(committed_districts("birch"))
    clock("2026-07-14T15:00:00+00:00")
    site.environment["YEARTURN_TEST_SMTP_PORT"] = str(settings.EMAIL_PORT)
    mailbox.before_taking = lambda: None if mailbox.taken else site.kill("first")
    site.start_worker("first", concurrency=1)
    site.start_beat()
    with contextlib.suppress(AssertionError, RuntimeError):
        site.wait_for(lambda: mailbox.taken)
    assert mailbox.recipients == ["ada@birch.example"]
    site.start_worker("second", concurrency=1)
    site.wait_for(lambda: sorted(letters(birch).values()) == [LetterState.SENT, LetterState.UNKNOWN], 120)
    assert mailbox.recipients == ["ada@birch.example", "bob@birch.example"]
    with schema_context("public"):
        unknown = Letter.objects.get(state=LetterState.UNKNOWN)
        assert unknown.sent_at is None
        assert unknown.created_at == dt.datetime(2026, 7, 14, 15, tzinfo=dt.UTC)
    assert "ada@birch.example" not in site.log("first") + site.log("second") + site.log("beat")

"""Schemathesis over the official document: whatever it makes up, no fault of ours and no answer that contradicts it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.test import Client as Browser
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tenants.models import District
from tests.api.conftest import new_client, now, with_token  # noqa: F401 - a fixture
from tests.oneroster.documents import Document
from tests.oneroster.test_service import ROSTER


@pytest.fixture
def program(rostered: District, now: Any) -> Browser:  # noqa: F811
    return with_token(rostered, *new_client(rostered))


def fuzzed(program: Browser, document: Document, examples: int) -> Callable[[], None]:
    """A test of made-up requests to every operation of a document."""
    operations = [found.ok() for found in schemathesis.openapi.from_dict(document.raw).get_all_operations()]

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.sampled_from(operations).flatmap(lambda operation: operation.as_strategy()))
    def ask(case: Any) -> None:
        path = case.operation.path
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        answer = program.get(f"{ROSTER}{path}?{urlencode(case.query or {}, doseq=True)}")
        assert answer.status_code < 500, path
        document.check(case.operation.path, "get", answer.status_code, answer.json())

    return ask


def test_made_up_requests(program: Browser, rostering: Document) -> None:
    fuzzed(program, rostering, 60)()


@pytest.mark.scale
def test_many_made_up_requests(program: Browser, rostering: Document, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    fuzzed(program, rostering, 3000)()

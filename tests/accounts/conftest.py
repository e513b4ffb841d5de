"""People for these tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.support.people import logged_in


@pytest.fixture
def log_in() -> Callable[..., Client]:
    """`log_in(district, role)` gives a browser in which somebody of the role is logged in."""
    return logged_in

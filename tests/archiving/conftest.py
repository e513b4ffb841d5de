"""The districts of the resets' tests."""

from tests.resets.conftest import filled, make_run

__all__ = ["filled", "make_run"]

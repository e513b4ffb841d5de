"""A district with its students."""

from tests.resets.conftest import filled

__all__ = ["filled"]

"""The kinds of the imports' jobs that others ask for."""

from typing import Final

ANALYZE: Final = "transfer_analyze"
"""Payload: the import's key."""

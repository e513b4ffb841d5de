"""The kinds of the imports' jobs. The payload of each is the import's key."""

from typing import Final

ANALYZE: Final = "transfer_analyze"
IMPORT: Final = "transfer_import"
EXPIRE: Final = "transfer_expire"
"""Destroys what is left of an import whose time is over."""

"""The kinds of the imports' jobs. The payload is the import's key, where nothing else is said."""

from typing import Final

ANALYZE: Final = "transfer_analyze"
IMPORT: Final = "transfer_import"
EXPIRE: Final = "transfer_expire"
"""Destroys what is left of an import whose time is over."""
RECALL: Final = "transfer_recall"
"""Destroys what is staged of students who are destroyed at their source; its payload is the source and their keys."""

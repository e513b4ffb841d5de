"""Merging two students who are one: what would move, the merge itself, its proof, and its undo."""

from resets.merging.counts import CategoryMove, MergePreview, preview_merge
from resets.merging.errors import MergeError, MergeRefusedError
from resets.merging.services import merge_students
from resets.merging.undoing import undo_merge, undo_refusal

__all__ = [
    "CategoryMove",
    "MergeError",
    "MergePreview",
    "MergeRefusedError",
    "merge_students",
    "preview_merge",
    "undo_merge",
    "undo_refusal",
]

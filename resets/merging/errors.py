"""What can go wrong with merging. In each case nothing was changed."""


class MergeError(Exception):
    """What the database did is not what merging these two means: everything was rolled back."""


class MergeRefusedError(MergeError):
    """These two cannot be merged, or the merge cannot be undone (any more); the message says why."""

"""What the upper layers may hear about rosters."""

from django.dispatch import Signal

roster_applied = Signal()
"""A bundle was applied. Sent with `sync`, `as_of`, `school_year`, inside the import's transaction after the tables are
written; the district is entered. Not sent for a dry run, a refused bundle, or one that changed nothing."""

"""What the upper layers may hear about rosters."""

from django.dispatch import Signal

roster_applied = Signal()
"""A bundle was applied. Sent with `sync`, `as_of`, `school_year`, inside the import's transaction after the tables are
written; the district is entered. Not sent for a dry run, a refused bundle, or one that changed nothing."""

students_erased = Signal()
"""Students were destroyed or anonymized. Sent with `district` (entered), `keys` (the surrogate keys that they had, also
those that were merged into theirs), `actor`, `at` and `entry` (the number of the ledger entry), at the end of the
transaction that erases them, after its verification: whoever keeps a copy of their data destroys it there."""

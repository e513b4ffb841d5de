"""What the upper layers may hear about the set of districts. All are sent inside the transaction of the change."""

from django.dispatch import Signal

district_provisioned = Signal()
"""A district was made. Sent with `district`, `actor`; the district is entered."""

district_removing = Signal()
"""A district is about to be removed. Sent with `district`, its schema still there; whoever raises keeps it."""

district_removed = Signal()
"""A district was removed. Sent with `district`, `actor`, `at`; its schema is gone already."""

support_visit_changed = Signal()
"""A support visit began or ended. Sent with `district` (entered), `kind`, `actor`, `at`, `facts` (its key, counts)."""

"""What approvals tell the layers above, inside the transaction of what they tell: a receiver that raises undoes it."""

from django.dispatch import Signal

approval_settled = Signal()
"""`approval`: it was approved, refused, withdrawn or found stale, which its state says; `at`: when."""

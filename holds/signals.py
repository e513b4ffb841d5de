"""What the layers above hear of holds, inside the transaction of what they tell."""

from django.dispatch import Signal

hold_placed = Signal()
"""`district`, `hold`, `at`: from now on nothing of it is deleted or anonymized."""

hold_lifted = Signal()
"""`district`, `hold`, `at`: what was postponed for it is due."""

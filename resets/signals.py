"""What resets tell the layers above, inside the transaction of what they tell: a receiver that raises undoes it all."""

from django.dispatch import Signal

reset_completed = Signal()
"""`run`: the ResetRun that is about to commit; `lines`: its Tallies by LineKey (see `resets.engine.counting`)."""

reset_undone = Signal()
"""`run`: the ResetRun that a restore has undone; `schools`: which (None for all); `lines`: what came back, Tallies."""

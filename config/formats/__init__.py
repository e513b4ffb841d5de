"""How dates are written where no page says it itself, which is at the CSM's desk."""

"""Bringing staged files into the roster: what is new, what has changed, who has left. Set-based, in one transaction."""

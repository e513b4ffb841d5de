"""Rosters pulled from another OneRoster REST provider: what it holds becomes a bundle, and the rest is one path."""

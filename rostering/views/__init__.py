"""The roster pages of a district's host."""

"""The reset pages of a district's host."""

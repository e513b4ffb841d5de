"""The pages of correspondence at the CSM's desk, one file a page."""

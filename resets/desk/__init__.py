"""Pages of the CSM's desk that are more than a list of one table."""

"""One change of many districts' dates: what is wished, what becomes of each, and the change itself in batches."""

"""Undoing a reset, until its data is anonymized: partitions move back, small tables come from the undo tables."""

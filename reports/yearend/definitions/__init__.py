"""What each report holds: one file for each suite, read by `reports.yearend.registry`."""

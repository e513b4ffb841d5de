"""The desk shows districts of many time zones side by side, so its times are UTC, and say so."""

DATETIME_FORMAT = "M j, Y, H:i e"

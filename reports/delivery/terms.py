"""What may be chosen of a subscription: data."""

from typing import Final

WEEKDAYS: Final = {1: "Monday", 2: "Tuesday", 3: "Wednesday", 4: "Thursday", 5: "Friday", 6: "Saturday", 7: "Sunday"}
HOURS: Final = tuple(range(5, 21))
"""From 5:00 to 20:00, local to the district: nobody is written to in the night."""
DAYS_BEFORE: Final = (1, 2, 3, 5, 7, 10, 14, 21, 30)
OPEN_AT_MOST: Final = 20
"""Subscriptions of one person at a time."""


def hour_words(hour: int) -> str:
    """An hour as people say it.

    >>> hour_words(7), hour_words(13)
    ('7:00 AM', '1:00 PM')
    """
    return f"{hour % 12 or 12}:00 {'AM' if hour < 12 else 'PM'}"

"""When a download is large, and how long a prepared file is kept: numbers, with the grounds."""

import datetime as dt
from typing import Final

KEPT_DAYS: Final = 7
"""Days for which a prepared file can be downloaded: a week with its weekend. It can be made again at any time."""
STUDENTS_AT_ONCE: Final = {"csv": 20_000, "parquet": 5_000, "xlsx": 2_000, "pdf": 1_000}
"""Up to so many students a report is made while its reader waits. CSV leaves while it is read; the others are first
written whole."""
ROWS_AT_ONCE: Final = {"csv": 200_000, "parquet": 50_000, "xlsx": 20_000, "pdf": 2_000}
"""Up to so many rows, all tables together: a few seconds of the database's and the writer's time."""
PRINTED_ROWS: Final = 1_000
"""So many rows of each table stand on a page that is made for printing; whoever wants all takes the PDF or Excel."""
OPEN_AT_MOST: Final = 10
"""So many files of one person may wait at a time: the worker is everybody's."""


def last_day(made_on: dt.date) -> dt.date:
    """The last day on which a file that was made on a day can be downloaded."""
    return made_on + dt.timedelta(days=KEPT_DAYS)

"""How many must be alike, and what counts as usual: every threshold of the ninety days and their report."""

from typing import Final

PUBLISHED_CELL: Final = 10
"""A cell under it is suppressed in what is published."""
ALIKE: Final = 5
"""A birth year, sex, race or ethnicity stays where so many records of a school, grade and year share it."""
ALIKE_IN_GRADE: Final = 2
"""A grade stays where so many left it together: a single one would be known by it."""
AGE_IN_KINDERGARTEN: Final = 6
"""The school year's end less the grade less this is the usual birth year."""
YEARS_OLDER: Final = 2
YEARS_YOUNGER: Final = 1
"""Beyond these a birth year says more of somebody than of a grade: it becomes the nearest usual one."""
BROADER_RACE: Final = "two_or_more"
"""What a rare combination of races becomes, before it is left out."""

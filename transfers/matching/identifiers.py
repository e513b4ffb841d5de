"""What identifiers are worth: set by what they are, not learnt from made-up data.

A state ID is unique in its state and follows the child within it; between states it changes. A Student ID is a
district's own number. An e-mail address given by a school changes with the district; a family's may serve several.
"""

from dataclasses import replace
from typing import Final

from transfers.matching.parameters import Parameters, Shares

SAME: Final[Shares] = {
    "state_id": {"same": 0.92, "digit": 0.02, "different": 0.06},
    "student_number": {"same": 0.1, "different": 0.9},
    "email": {"same": 0.1, "different": 0.9},
}
"""Of the same child on two sites."""
OTHERS: Final[Shares] = {
    "state_id": {"same": 1e-6, "digit": 1e-4, "different": 1 - 1e-4 - 1e-6},
    "email": {"same": 1e-6, "different": 1 - 1e-6},
}
"""Of different children."""
KIN: Final[Shares] = {
    "state_id": {"same": 0.0005, "digit": 0.4, "different": 0.5995},
    "email": {"same": 0.05, "different": 0.95},
}
"""Of siblings and twins: numbers given out one after the other; an address of the family's at times."""


def with_identifiers(parameters: Parameters) -> Parameters:
    """Parameters in which identifiers count as said above."""
    return replace(
        parameters,
        same=parameters.same | SAME,
        others=parameters.others | OTHERS,
        siblings=parameters.siblings | KIN,
        twins=parameters.twins | KIN,
    )


def for_site(parameters: Parameters, students: int) -> Parameters:
    """Parameters in which an equal Student ID counts as what it is between districts.

    Each district numbers its own students, so whichever number an incoming student has, somebody here may well have it
    too: one in so many students by chance.
    """
    if "student_number" not in parameters.same:
        return parameters
    chance = 1 / max(students, 2)
    return replace(parameters, others=parameters.others | {"student_number": {"same": chance, "different": 1 - chance}})

"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MapProblem:
    """A disagreement of models and data map: the check's code, the model concerned, what is wrong, how to mend it."""

    code: str
    where: str
    text: str
    hint: str

"""What the model has learnt: how often each level of agreement is seen, and of whom. Kept as JSON beside the code."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("parameters.json")
Shares = dict[str, dict[str, float]]
"""For each comparison the share of each level."""


@dataclass(frozen=True)
class Parameters:
    """How often each level is seen of pairs of records of the same child, and of others.

    Attributes:
        same: of the same child (Fellegi and Sunter's m), estimated without labels by expectation maximisation.
        others: of any two children (their u), from random pairs.
        siblings: of two siblings who are not twins, from pairs with a guardian in common. Empty: not considered.
        twins: of two with a guardian and the birth date in common. Empty: not considered.
        siblings_each: how many siblings a student has on a site.
        twins_each: how many twins.
    """

    same: Shares
    others: Shares
    siblings: Shares
    twins: Shares
    siblings_each: float = 0.0
    twins_each: float = 0.0

    def odds(self, field: str) -> dict[str, tuple[float, float]]:
        """A comparison's m and u by level."""
        return {level: (share, self.others[field][level]) for level, share in self.same[field].items()}

    def as_json(self) -> str:
        """The text of the file."""
        return json.dumps(_rounded(vars(self)), indent=1, sort_keys=True) + "\n"


def shipped() -> Parameters:
    """The parameters that were trained ahead on generated districts (`manage.py train_matching`)."""
    return Parameters(**json.loads(FILE.read_text(encoding="utf-8")))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return float(f"{value:.4g}")

"""What a comparison is: levels of agreement from the strongest to none, each one condition of SQL and one sentence."""

from dataclasses import dataclass
from typing import Any, Final

DIFFERENT: Final = "different"
MISSING: Final = "missing"


@dataclass(frozen=True)
class Level:
    """One way in which two values can agree.

    Attributes:
        name: of the level, unique in its comparison.
        when: the condition, over the columns of both sides (`_l` is the incoming student's, `_r` this site's).
        words: what is said of it after the two values.
        term: the column whose frequency counts: a rare name that agrees says more than a common one.
    """

    name: str
    when: str
    words: str
    term: str = ""


@dataclass(frozen=True)
class Comparison:
    """How one field is compared: the first level whose condition holds, else "different".

    Attributes:
        field: a name for it, also the column of the result.
        title: what it is called on the screen.
        missing: the condition under which it says nothing.
        needs: a column of `people.SCHEMA` without which, on a whole side, it is left out.
        otherwise: what is said when no level holds.
    """

    field: str
    title: str
    missing: str
    needs: str
    levels: tuple[Level, ...]
    otherwise: str = "different"

    @property
    def names(self) -> tuple[str, ...]:
        """The levels' names, strongest first, "different" last."""
        return (*(level.name for level in self.levels), DIFFERENT)

    def level(self, gamma: int) -> str:
        """The level that Splink's number means: -1 is missing, 0 different, the highest the strongest."""
        return MISSING if gamma < 0 else self.names[len(self.levels) - gamma]

    def words(self, level: str) -> str:
        """What is said of a level."""
        known = {one.name: one.words for one in self.levels}
        return known.get(level, self.otherwise)

    def for_splink(self, odds: dict[str, tuple[float, float]] | None) -> dict[str, Any]:
        """The comparison as Splink's settings; `odds` are each level's m and u, None to have them estimated."""
        levels: list[dict[str, Any]] = [
            {"sql_condition": self.missing, "label_for_charts": MISSING, "is_null_level": True}
        ]
        for name, when, term in (*((one.name, one.when, one.term) for one in self.levels), (DIFFERENT, "ELSE", "")):
            level: dict[str, Any] = {"sql_condition": when, "label_for_charts": name}
            if odds is not None:
                level["m_probability"], level["u_probability"] = odds[name]
            if term:
                level |= {"tf_adjustment_column": term, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.0005}
            levels.append(level)
        return {"output_column_name": self.field, "comparison_levels": levels}

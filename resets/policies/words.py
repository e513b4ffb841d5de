"""The closed vocabulary of policies. No lambdas and no SQL: what a word does is known to the engine alone."""

from dataclasses import dataclass
from typing import ClassVar

from products.datamap import Product


@dataclass(frozen=True)
class Retain:
    """The data stays where it is; with `since`, years that ended before it are deleted."""

    since: int | None = None
    verb: ClassVar[str] = "Retained"


@dataclass(frozen=True)
class Archive:
    """The year's data moves to the archive: readable by reports, gone from the product."""

    verb: ClassVar[str] = "Archived"


@dataclass(frozen=True)
class Delete:
    """The data is destroyed for good."""

    verb: ClassVar[str] = "Deleted"


@dataclass(frozen=True)
class SetTo:
    """The named columns are set to a value, where they differ from it."""

    value: int
    columns: tuple[str, ...]
    verb: ClassVar[str] = "Set to"


@dataclass(frozen=True)
class Unassign:
    """Things stay, but students are no longer assigned to them."""

    students: bool = True
    verb: ClassVar[str] = "Students unassigned"


@dataclass(frozen=True)
class Show:
    """The data stays; only what is at most `last` days old is shown."""

    last: int
    verb: ClassVar[str] = "Shown"


@dataclass(frozen=True)
class Anonymize:
    """Who has not been rostered again `after` days from the reset loses name and key."""

    after: int
    verb: ClassVar[str] = "Anonymized"


Action = Retain | Archive | Delete | SetTo | Unassign | Show | Anonymize


@dataclass(frozen=True)
class Where:
    """For which schools a rule holds, by their subscription on the reset date; everywhere by default."""

    subscribed: bool | None = None


EVERYWHERE = Where()
SUBSCRIBED_SCHOOLS = Where(subscribed=True)
UNSUBSCRIBED_SCHOOLS = Where(subscribed=False)

STUDENT_IDS_MATCH = "as long as Student IDs match the previous year"


@dataclass(frozen=True)
class Rule:
    """One row of a source's table.

    Attributes:
        category: a category of the suite's data map, or "*" for every category that has no rule of its own for the
            same schools.
        action: what happens.
        because: the source's own words.
        where: the schools that it holds for.
        condition: a condition in the source's words that holds beyond the reset day.
        products: the products that the row names; all that keep the category when empty.
    """

    category: str
    action: Action
    because: str
    where: Where = EVERYWHERE
    condition: str = ""
    products: tuple[Product, ...] = ()


@dataclass(frozen=True)
class Policy:
    """A suite's rules, in the order of its source's table.

    `resettable` is false for a suite that has no end-of-year reset: its policy accounts for its tables all the same.
    """

    suite: str
    version: str
    source: str
    rules: tuple[Rule, ...]
    resettable: bool = True

    @property
    def return_days(self) -> int | None:
        """For how many days after the reset students may return; None where the policy anonymizes nobody."""
        return min((rule.action.after for rule in self.rules if isinstance(rule.action, Anonymize)), default=None)

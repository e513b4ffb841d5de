"""What a plan knows of holds: data without a database, so that a plan stays a pure function of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """Holds as a plan sees them.

    Attributes:
        anything: there is a hold; without one nothing below is asked or said.
        whole_district: every row is held.
        years: per relation of facts (live or archive) the school years whose partitions hold rows on hold.
    """

    anything: bool = False
    whole_district: bool = False
    years: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def years_of(self, relation: str) -> tuple[int, ...]:
        """The school years of a relation in which something is held."""
        return dict(self.years).get(relation, ())


NOTHING_HELD = Held()

"""What the library shows: the reports of each suite, with where each school year of it lies."""

import datetime as dt
from dataclasses import dataclass

from products.datamap import Suite
from products.models import Subscription
from products.registry import suites
from reports.asking.years import KnownYear, known_years
from reports.people.sight import Sight
from reports.yearend.registry import reports_of
from reports.yearend.words import Report
from resets.models import ResetSchedule
from tenants.models import District

YEARS_SHOWN = 6


@dataclass(frozen=True)
class Shelf:
    """A suite's reports.

    Attributes:
        years: where its school years lie, the newest first.
        reset_on: its next reset, where one is ahead.
    """

    suite: Suite
    reports: tuple[Report, ...]
    years: tuple[KnownYear, ...]
    reset_on: dt.date | None

    @property
    def newest(self) -> tuple[KnownYear, ...]:
        """The years that are shown at once."""
        return self.years[:YEARS_SHOWN]

    @property
    def product_names(self) -> str:
        """The suite's products; empty where it is one of the suite's own name."""
        return ", ".join(product.name for product in self.suite.products if product.name != self.suite.name)


def shelves(district: District, sight: Sight, as_of: dt.date) -> list[Shelf]:
    """The suites that the entered district has or has data of, with their reports. A constant number of queries."""
    subscribed = set(Subscription.objects.filter(district=district).values_list("product", flat=True))
    known = known_years(district, sight)
    ahead = ResetSchedule.objects.filter(district=district, school_year=district.school_year, on__gte=as_of)
    dates = dict(ahead.values_list("suite", "on"))
    return [
        Shelf(suite, reports_of(suite.code), tuple(known.get(suite.code, ())), dates.get(suite.code))
        for suite in suites()
        if (suite.code in known or {product.code for product in suite.products} & subscribed) and reports_of(suite.code)
    ]

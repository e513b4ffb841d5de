"""Whether a district has Renaissance: without it there is nothing to give, and no place for what would come."""

import datetime as dt
from typing import Final

from products.renaissance.catalog import SUITE
from resets.selectors import has_suite
from tenants import clock
from tenants.models import District

NO_RENAISSANCE: Final = (
    "Your district does not subscribe to a Renaissance product (Star Reading, Star Math, Star Early Literacy, Star CBM "
    "or Accelerated Reader). Transfer codes move the data of these products, so there is nothing to transfer from here "
    "or to here. If you should have one, ask your customer success manager."
)


def has_renaissance(district: District, at: dt.datetime) -> bool:
    """Whether a district subscribes to a Renaissance product, or did within the year, at a moment."""
    return has_suite(district, SUITE.code, clock.date_in(at, district.time_zone))

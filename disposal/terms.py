"""By when a request is to be done, and how long an export is kept: data, with the grounds."""

import datetime as dt
from typing import Final

from disposal.models import CaseKind

DAYS: Final = {CaseKind.EXPORT: 45, CaseKind.DESTRUCTION: 30}
GROUNDS: Final = {
    CaseKind.EXPORT: "a parent's right of access is to be met within 45 days of the request (FERPA, 34 CFR 99.10(b))",
    CaseKind.DESTRUCTION: "30 days, the vendor's own term; an agreement may name an earlier day",
}
SOON: Final = 7
"""Days before the due date from which a request stands among those that are due."""
KEPT: Final = 14
"""Days for which an export can be downloaded."""


def latest_due(kind: str, asked_on: dt.date) -> dt.date:
    """The last day on which a request is to be done; the district may set an earlier one."""
    return asked_on + dt.timedelta(days=DAYS[CaseKind(kind)])

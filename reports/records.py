"""What is asked before a reset deletes: a copy of the year's data, and Hero's Schoolwide Points report on paper."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse

from reports.asked import Ask
from resets.exports.standing import ExportState
from resets.views.reads import SuiteYear
from resets.views.year_data import YearData

COPY: Final = "Download the year's data"
POINTS_SUITE: Final = "hero"
"""The suite whose source asks to print a report: points do not roll over from year to year."""


POINTS_REPORT: Final = "hero-points"


def records_asks(ahead: list[SuiteYear], state: str) -> list[Ask]:
    """For each suite that is still to be reset, in the order given.

    Args:
        state: of what is not done yet: now or later.
    """
    asks: list[Ask] = []
    for year in ahead:
        if year.data is None:
            continue
        asks.append(_copy(year, year.data, state))
        if year.suite.code == POINTS_SUITE:
            asks.extend(_points(year.data, state))
    return asks


def _copy(year: SuiteYear, data: YearData, state: str) -> Ask:
    """A copy of the year's data; of a suite of which nothing is deleted it is recommended, and nothing waits for it."""
    title = f"{COPY}: {year.suite.name}"
    packages = reverse("packages")
    if data.is_told and data.standing.is_settled:
        return Ask(title, data.text, "done", packages, "See the year packages")
    on = f"{year.schedule.on:%B} {year.schedule.on.day}" if year.schedule else ""
    text = f"Download a copy of this year's data for your records before your reset date occurs ({on})."
    if data.is_told:
        text = f"{text} {data.text}"
    return Ask(title, text, "now" if data.waits else state, packages, "Make and download it")


def _points(data: YearData, state: str) -> Iterator[Ask]:
    """ "Hero points do not roll over from year to year ... please print the Schoolwide Points report prior to the
    archive for your own records": done by printing it, or with the package, which holds it as a PDF.
    """
    title, export = "Print the Schoolwide Points report", data.standing.export
    if export and export.printed_at:
        yield Ask(title, "Printed. Hero points do not roll over from year to year.", "done")
    elif data.standing.state is ExportState.DOWNLOADED:
        yield Ask(title, "It is in the package that was downloaded, as a PDF: print it from there.", "done")
    else:
        text = (
            "Hero points do not roll over from year to year. If students are to use this year's points when they "
            "return in the Fall, print the report prior to the archive. The year's package holds it as a PDF, too."
        )
        yield Ask(title, text, state, reverse("report", args=[POINTS_REPORT]), "Open the report")

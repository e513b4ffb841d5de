"""The reports: one file of `definitions` for each suite. A new product is a new file there."""

import pkgutil
from importlib import import_module

import reports.yearend.definitions
from reports.yearend.words import Report


def _found() -> tuple[Report, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(reports.yearend.definitions.__path__))
    modules = [import_module(f"reports.yearend.definitions.{name}") for name in names]
    return tuple(report for module in modules for report in module.REPORTS)


REPORTS: tuple[Report, ...] = _found()
"""Every report, in the definitions' order."""


def report_named(code: str) -> Report:
    """The report of this code.

    Raises:
        LookupError: there is none.
    """
    for report in REPORTS:
        if report.code == code:
            return report
    raise LookupError(f"there is no report {code!r}")


def reports_of(suite: str) -> tuple[Report, ...]:
    """The reports of a suite."""
    return tuple(report for report in REPORTS if report.suite == suite)

"""One row of a product's table in words, by the data map and the model: no table has words of its own."""

import datetime as dt
from typing import Any

from products.datamap import Table, columns_of
from reports.people.products_kept import product_names
from tenants.templatetags.words import short_day

SILENT = ("id", "student_id", "school_id", "school_year", "product")


def fact_words(table: Table, row: dict[str, Any], *, is_archived: bool) -> str:
    """A row, as the database's JSON has it: date, product, and each value that identifies nobody.

    >>> from products.registry import suite_named
    >>> usage = suite_named("literacy").category("usage").tables[0]
    >>> fact_words(usage, {"occurred_on": "2026-03-02", "minutes": 34, "sessions": 3}, is_archived=True)
    'Mar 2, 2026 · minutes: 34, sessions: 3 · archived'
    """
    columns = columns_of(table.model)
    dates, values = [], []
    for column in table.values:
        value = row.get(column)
        if column in SILENT or column.endswith("_id") or value in (None, ""):
            continue
        field = columns[column]
        if field.get_internal_type() == "DateField":
            dates.append(short_day(dt.date.fromisoformat(str(value))))
        else:
            words = dict(field.flatchoices).get(value, value)
            values.append(f"{field.verbose_name}: {_yes_or_no(words)}")
    product = product_names().get(str(row.get("product", "")), "")
    parts = [", ".join(dates), product, ", ".join(values), "archived" if is_archived else ""]
    return " · ".join(part for part in parts if part)


def _yes_or_no(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)

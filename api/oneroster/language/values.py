"""The text of a clause as a value of its field's kind."""

import datetime as dt
import math
from typing import Any

from api.oneroster.fields import Field, Kind
from api.oneroster.language.errors import bad_filter


def value_of(field: Field, text: str) -> Any:
    """What a text means for a field.

    Raises:
        QueryError: it is no value of that kind.
    """
    try:
        if field.kind is Kind.DATE:
            return dt.date.fromisoformat(text[:10])
        if field.kind is Kind.MOMENT:
            return _moment(text)
        if field.kind is Kind.NUMBER:
            return _number(text)
    except (ValueError, OverflowError):
        raise bad_filter(f"The value of {field.name} is no {field.kind}.") from None
    if field.kind is Kind.FLAG:
        if text.lower() not in {"true", "false"}:
            raise bad_filter(f"The value of {field.name} is 'true' or 'false'.")
        return text.lower() == "true"
    return text


def _moment(text: str) -> dt.datetime:
    """A moment; without a zone it is UTC, and a date alone is its beginning."""
    found = dt.datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("no number")
    return number

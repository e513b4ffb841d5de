"""Every model in exactly one category; every column a key, a value or personal, and in one of these only."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from products.checks.problem import MapProblem
from products.datamap import Category, Suite, Table, columns_of

TELLING = re.compile(r"(^|_)(name|title|note|comment|body|subject|username|email|phone|address|birth_date|file|hash)$")
"""Column names that say: names of somebody, free text, ways to reach somebody, files, fingerprints."""


def model_problems(found: Sequence[type[models.Model]], suite: Suite, exempt: dict[str, str]) -> Iterator[MapProblem]:
    """Models in no category or in two, and exemptions without a model."""
    mapped = Counter(
        model._meta.label for table in suite.tables for model in (table.model, table.archive) if model is not None
    )
    labels = {model._meta.label for model in found}
    for label in sorted(labels - set(mapped) - set(exempt)):
        yield MapProblem(
            "E001",
            label,
            f"{label} is in no category of the data map {suite.code}.",
            "Add it as a Table to the category that it belongs to, in catalog.py.",
        )
    for label, count in sorted(mapped.items()):
        if count > 1 or label in exempt:
            yield MapProblem(
                "E002",
                label,
                f"{label} is {'mapped and exempt' if label in exempt else f'mapped {count} times'} in {suite.code}.",
                "A table's rows have one fate: leave it in one category only.",
            )
    for label in sorted((set(mapped) | set(exempt)) - labels):
        yield MapProblem(
            "E003", label, f"{suite.code} maps or exempts {label}, which its app does not have.", "Drop it."
        )
    for label, reason in exempt.items():
        if not reason.strip():
            yield MapProblem("E003", label, f"{label} is exempt without a reason.", "Say why, or map it.")


def column_problems(category: Category, table: Table) -> Iterator[MapProblem]:
    """Columns not accounted for, in two roles, not there, or called plain though they look telling."""
    fields = columns_of(table.model)
    told = Counter([*table.values, *table.personal])
    where = table.model._meta.label
    place = f"category {category.code!r}"
    for column in sorted(set(fields) - set(told) - table.implied):
        text = f"{where}.{column} is neither key, value nor personal in {place}."
        yield MapProblem("E004", where, text, f"Add {column!r} to the table's values or personal in catalog.py.")
    for column, count in told.items():
        if column not in fields:
            yield MapProblem("E005", where, f"{place} names {where}.{column}, which does not exist.", "Drop it.")
        elif count > 1 or column in table.implied:
            text = f"{where}.{column} has two roles in {place}."
            yield MapProblem("E006", where, text, "A column is key, value or personal: keep one.")
    yield from _personal_problems(place, table)


def _personal_problems(place: str, table: Table) -> Iterator[MapProblem]:
    where, fields = table.model._meta.label, columns_of(table.model)
    harmless = dict(table.harmless)
    for column in table.values:
        if column in fields and _looks_personal(fields[column]) and not harmless.get(column, "").strip():
            text = f"{where}.{column} looks like a name, free text or a file, but is a plain value in {place}."
            yield MapProblem("E007", where, text, "Move it to personal, or add it to harmless with the reason.")
    for column in sorted(set(harmless) - set(table.values)):
        text = f"{where}.{column} is called harmless in {place}, but is not one of its values."
        yield MapProblem("E007", where, text, "Drop it from harmless.")
    for column in sorted(set(table.files) - set(table.personal)):
        text = f"{where}.{column} is a stored file in {place}, but not personal."
        yield MapProblem("E008", where, text, "Add it to personal: a file of a student tells who it is.")
    for column in table.personal:
        if column in fields and _is_file(fields[column]) and column not in table.files:
            text = f"{where}.{column} holds the path of a stored file, but {place} does not list it in files."
            yield MapProblem("E008", where, text, "Add it to files, so that the file is removed with the row.")


def _looks_personal(field: "models.Field[Any, Any]") -> bool:
    if isinstance(field, models.TextField | models.FileField):
        return True
    words = isinstance(field, models.CharField | models.DateField) and not field.choices
    return words and bool(TELLING.search(str(field.column)))


def _is_file(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.FileField) or field.column in {"file", "path"}

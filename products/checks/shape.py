"""A table's key, what somebody has once, its partitioning, its archive twin, and the products that it lets in."""

from collections.abc import Iterator

from django.db import connection, models

from products.checks.problem import MapProblem
from products.datamap import Category, Key, Table, columns_of
from products.facts import YearRecord


def shape_problems(category: Category, table: Table) -> Iterator[MapProblem]:
    """What the map says of a table's key, year, twin and products that its model does not bear out."""
    yield from _key_problems(category, table)
    yield from _once_problems(table)
    yield from _year_problems(table)
    yield from _twin_problems(table)
    yield from _product_problems(category, table)


def _key_problems(category: Category, table: Table) -> Iterator[MapProblem]:
    where = table.model._meta.label
    columns = columns_of(table.model)
    if table.key is Key.PARENT:
        owners = {other.model for other in category.tables}
        if table.parent not in columns or table.of not in owners:
            text = f"{where} is keyed by its parent, but {table.parent!r} leads to no table of {category.code!r}."
            yield MapProblem("E009", where, text, "Set parent to the column and of to the model of the same category.")
    elif table.key is not Key.DISTRICT and table.key.value not in columns and not _is_key_itself(table):
        text = f"{where} is said to belong to a {table.key.value}, but has no such column."
        yield MapProblem("E009", where, text, "Name the key that its rows have.")


def _once_problems(table: Table) -> Iterator[MapProblem]:
    """What somebody is said to have once is told by columns that there are."""
    for column in table.once or ():
        if column not in columns_of(table.model):
            where = table.model._meta.label
            text = f"{where} says that somebody has one row for each {column!r}, but has no such column."
            yield MapProblem("E013", where, text, "Name columns of the table in once, or leave it out.")


def _is_key_itself(table: Table) -> bool:
    """Whether the table is the key's own: a student's row in the table of students."""
    return table.model._meta.model_name == table.key.value.removesuffix("_id")


def _year_problems(table: Table) -> Iterator[MapProblem]:
    where = table.model._meta.label
    is_fact = issubclass(table.model, YearRecord)
    if is_fact != table.fact:
        text = f"{where} {'is' if is_fact else 'is not'} a YearRecord, but the map says fact={table.fact}."
        yield MapProblem("E010", where, text, "Only a YearRecord is partitioned by school year: make the two agree.")
    if table.archive is not None and not table.fact:
        text = f"{where} has an archive twin but is not partitioned by school year."
        yield MapProblem("E010", where, text, "Derive it from Fact, or drop the twin.")


def _twin_problems(table: Table) -> Iterator[MapProblem]:
    if table.archive is None:
        return
    where, twin = table.model._meta.label, table.archive._meta.label
    for what, mine, theirs in (
        ("columns", _columns(table.model), _columns(table.archive)),
        ("indexes", _indexes(table.model), _indexes(table.archive)),
        ("constraints", _constraints(table.model), _constraints(table.archive)),
    ):
        for difference in sorted(mine ^ theirs):
            owner = where if difference in mine else twin
            text = f"{where} and its archive twin {twin} differ in their {what}: only {owner} has {difference}."
            hint = "Put what they share into one abstract model: a partition moves between them without being read."
            yield MapProblem("E011", where, text, hint)


def _columns(model: type[models.Model]) -> set[str]:
    return {
        f"{field.column} {field.db_type(connection)}{'' if field.null else ' not null'}"
        for field in model._meta.concrete_fields
    }


def _indexes(model: type[models.Model]) -> set[str]:
    columns = columns_of(model).items()
    automatic = {f"an index on {name}" for name, field in columns if getattr(field, "db_index", False) or field.unique}
    return automatic | {_unnamed(index) for index in model._meta.indexes}


def _constraints(model: type[models.Model]) -> set[str]:
    return {_unnamed(constraint) for constraint in model._meta.constraints}


def _unnamed(part: models.Index | models.BaseConstraint) -> str:
    """An index or constraint without its name, which Django wants to be unique over all models."""
    path, args, kwargs = part.deconstruct()
    kwargs.pop("name", None)
    return f"{path.rsplit('.', 1)[-1]}{args or ''}{sorted(kwargs.items(), key=lambda item: item[0])}"


def _product_problems(category: Category, table: Table) -> Iterator[MapProblem]:
    where = table.model._meta.label
    if "product" not in columns_of(table.model) or not category.products:
        return
    wanted = {product.code for product in category.products}
    for model in filter(None, (table.model, table.archive)):
        held = _held_to(model)
        if held != wanted:
            let_in = "any product" if held is None else ", ".join(sorted(held))
            products = ", ".join(sorted(wanted))
            text = f"{model._meta.label} lets in {let_in}, but category {category.code!r} is of {products}."
            yield MapProblem("E012", where, text, "Give it the constraint held_to(...) for exactly these products.")


def _held_to(model: type[models.Model]) -> set[str] | None:
    """The products that the model's constraint lets in; None without one."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, models.Q):
            for child in constraint.condition.children:
                if isinstance(child, tuple) and child[0] == "product__in":
                    return set(child[1])
    return None

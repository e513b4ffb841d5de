"""Which of a student's tables tell that they use a product, by the data maps."""

from psycopg import sql

from products.datamap import Key, Suite, Table, columns_of
from products.registry import product_named, suites
from tenants.schema import district_table

ACCOUNTS = "student_accounts"
ASKED = "EXISTS (SELECT FROM {table} AS p WHERE p.student_id = s.id AND {is_product})"


def product_names() -> dict[str, str]:
    """Every product's name by its code, in the suites' order."""
    return {product.code: product.name for suite in suites() for product in suite.products}


def has_product(code: str) -> sql.Composed:
    """SQL for: student `s` has an account in the product or, where its suite keeps no accounts, data of it.

    Raises:
        LookupError: no such product.
    """
    suite, product = product_named(code)
    asked = [
        sql.SQL(ASKED).format(table=district_table(table.name), is_product=_is_product(table, product.code))
        for table in _telling(suite)
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(asked))


def _is_product(table: Table, code: str) -> sql.Composable:
    """SQL for a row's product; a table without that column is of a suite with one product."""
    if "product" in columns_of(table.model):
        return sql.SQL("p.product = {}").format(sql.Literal(code))
    return sql.SQL("true")


def _telling(suite: Suite) -> list[Table]:
    accounts = [table for category in suite.categories if category.code == ACCOUNTS for table in category.tables]
    return accounts or [table for table in suite.tables if table.key is Key.STUDENT]

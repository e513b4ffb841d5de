"""Which of a student's tables tell that they use a product, by the data maps."""

from psycopg import sql

from products.datamap import Key, Product, Suite, Table, columns_of
from products.models import Subscription
from products.registry import product_named, suites
from tenants.models import District
from tenants.schema import district_table

ACCOUNTS = "student_accounts"
ACCOUNT = "SELECT p.student_id FROM {table} AS p WHERE {is_product}"
FACT = """
EXISTS (SELECT FROM {table} AS p WHERE p.student_id = s.id AND p.school_year >= {since} AND {is_product} OFFSET 0)
"""
"""OFFSET keeps the planner from reading every fact of the district: it looks for one of each student's instead."""


def product_names() -> dict[str, str]:
    """Every product's name by its code, in the suites' order."""
    return {product.code: product.name for suite in suites() for product in suite.products}


def products_of(district: District) -> dict[str, str]:
    """The names of the products that a district subscribes to, or did, by code."""
    codes = set(Subscription.objects.filter(district=district).values_list("product", flat=True))
    return {code: name for code, name in product_names().items() if code in codes}


def has_product(code: str, since: int) -> sql.Composed:
    """SQL for: student `s` has an account in the product or, where its suite keeps no accounts, data of it.

    Args:
        since: the school year from which on facts count.

    Raises:
        LookupError: no such product.
    """
    suite, product = product_named(code)
    tables = _telling(suite, product)
    rows = sql.SQL(" UNION ALL ").join(
        sql.SQL(ACCOUNT).format(table=district_table(table.name), is_product=_is_product(table, code))
        for table in tables
        if not table.fact
    )
    if not all(table.fact for table in tables):
        return sql.SQL("s.id IN ({})").format(rows)
    facts = [
        sql.SQL(FACT).format(
            table=district_table(table.name), is_product=_is_product(table, code), since=sql.Literal(since)
        )
        for table in tables
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(facts))


def _is_product(table: Table, code: str) -> sql.Composable:
    """SQL for a row's product; a table without that column is of a suite with one product."""
    if "product" in columns_of(table.model):
        return sql.SQL("p.product = {}").format(sql.Literal(code))
    return sql.SQL("true")


def _telling(suite: Suite, product: Product) -> list[Table]:
    """The tables that tell: of accounts; else small ones with a row per student; else the facts of the product."""
    own = [category for category in suite.categories if product in category.products]
    accounts = [table for category in own if category.code == ACCOUNTS for table in category.tables]
    kept = [table for category in own for table in category.tables if table.key is Key.STUDENT]
    return accounts or [table for table in kept if not table.fact] or kept

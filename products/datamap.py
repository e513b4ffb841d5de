"""The words of the data maps, for the suites' catalogs. They live below the roster, which has a map of its own."""

from tenants.datamap import Category, Key, Product, Suite, Table, columns_of

__all__ = ["Category", "Key", "Product", "Suite", "Table", "columns_of"]

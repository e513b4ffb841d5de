"""Product data from files: CSV or NDJSON, by COPY into staging, checked and applied set-based, whole or not at all.

The columns of a category's file follow from its data map and models (`columns.py`); no code here knows a category.
"""

from products.loader.errors import LoadError, LoadRefusedError, NotLoadableError
from products.loader.services import LoadResult, load_product_data

__all__ = ["LoadError", "LoadRefusedError", "LoadResult", "NotLoadableError", "load_product_data"]

"""A report as an Excel workbook: a sheet that says what it is, then the tables, typed and ready to filter."""

from reports.formats.excel.book import write_excel

__all__ = ["write_excel"]

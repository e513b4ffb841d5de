"""From the definitions to SQL: schema-qualified, by the data maps, with the scope's limits in every query."""

from reports.yearend.compile.page import Page
from reports.yearend.compile.pages import page_of
from reports.yearend.compile.sheets import sheets, summaries
from reports.yearend.compile.students import students_in_report

__all__ = ["Page", "page_of", "sheets", "students_in_report", "summaries"]

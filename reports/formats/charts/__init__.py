"""Drawings of a report's numbers as SVG, for the page and for paper. The table behind a drawing is its sheet.

Nothing is told by colour alone: series have patterns, markers and dashes too, and the numbers stand beside the bars.
"""

from reports.formats.charts.data import MOST_LABELS
from reports.formats.charts.drawn import size_of, svg
from reports.formats.charts.look import PAGE, PRINT

__all__ = ["MOST_LABELS", "PAGE", "PRINT", "size_of", "svg"]

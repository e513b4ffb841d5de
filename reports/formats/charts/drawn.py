"""A specification and a table's rows, drawn."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

from reports.formats.charts.data import data_of
from reports.formats.charts.lines import draw_lines
from reports.formats.charts.look import PAGE, Look
from reports.formats.charts.lying import draw_lying
from reports.formats.charts.upright import draw_upright, fits
from reports.yearend.columns import Column
from reports.yearend.sheet import ChartKind, ChartSpec

WIDTH: Final = 720.0
SIZE: Final = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def svg(
    spec: ChartSpec,
    rows: Sequence[Sequence[Any]],
    columns: Sequence[Column],
    look: Look = PAGE,
    width: float = WIDTH,
) -> str:
    """The drawing of a table as SVG; nothing where there is nothing to draw, or too much.

    It has a title, a description in words, and no style of its own that a content security policy would refuse.

    Args:
        rows: all of the table's, in the columns' order.
        look: PAGE for a page, PRINT for paper.

    Raises:
        LookupError: the table has no column of a name in the specification.
    """
    data = data_of(spec, rows, columns)
    if data is None:
        return ""
    key = "c" + blake2b(repr((spec, rows, look.is_page)).encode(errors="replace"), digest_size=5).hexdigest()
    if spec.kind == ChartKind.LINE:
        return draw_lines(data, look, width, key).finished()
    draw = draw_upright if fits(data, width) else draw_lying
    return draw(data, look, width, key).finished()


def size_of(drawing: str) -> tuple[float, float]:
    """A drawing's width and height."""
    width, height = map(float, SIZE.search(drawing).groups())  # type: ignore[union-attr]  # every drawing has them
    return width, height

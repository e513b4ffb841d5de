"""Which series is which; only where there is more than one."""

from reports.formats.charts.canvas import Canvas, cut, width_of
from reports.formats.charts.data import Data
from reports.formats.charts.marks import mark
from reports.yearend.sheet import ChartKind

ROW = 22.0
SWATCH = 30.0


def legend_rows(data: Data, width: float) -> list[list[tuple[int, str, float]]]:
    """The series by rows of the legend: its number, its words, and where it begins."""
    if len(data.series) < 2:
        return []
    rows: list[list[tuple[int, str, float]]] = [[]]
    x = 0.0
    for number, each in enumerate(data.series):
        words = cut(each.column.label, width - SWATCH)
        taken = SWATCH + width_of(words) + 20
        if rows[-1] and x + taken > width:
            rows.append([])
            x = 0.0
        rows[-1].append((number, words, x))
        x += taken
    return rows


def draw_legend(canvas: Canvas, data: Data, rows: list[list[tuple[int, str, float]]], left: float) -> None:
    """Draw it from the top."""
    for place, row in enumerate(rows):
        middle = ROW * place + ROW / 2
        for number, words, x in row:
            if data.spec.kind == ChartKind.LINE:
                canvas.add("path", canvas.look.stroke(number), d=f"M{left + x} {middle}h22", stroke_width=2.0)
                mark(canvas, number, left + x + 11, middle)
            else:
                canvas.bar(left + x, middle - 6, 22, 12, number)
            canvas.text(words, left + x + SWATCH, middle + 4.5, canvas.look.ink)

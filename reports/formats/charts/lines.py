"""Lines from point to point: for what goes on in time. Where a number is missing the line is broken."""

from collections.abc import Iterator
from itertools import groupby

from reports.formats.charts.canvas import SMALL, Canvas, shown, width_of
from reports.formats.charts.data import Data, Series
from reports.formats.charts.frame import BELOW, PLOT_HEIGHT, Frame, draw_frame, draw_labels, frame_of
from reports.formats.charts.legend import draw_legend, legend_rows
from reports.formats.charts.look import Look
from reports.formats.charts.marks import dash, mark
from reports.formats.charts.scale import round_scale

Point = tuple[float, float, float]
"""Its place, and its number."""


def draw_lines(data: Data, look: Look, width: float, key: str) -> Canvas:
    """The drawing. Its scale begins at zero, unless all numbers are far from it."""
    numbers = data.numbers
    has_zero = min(numbers) <= max(numbers) / 2
    scale = round_scale(numbers, is_whole=data.is_whole, has_zero=has_zero)
    legend = legend_rows(data, width)
    frame = frame_of(data, scale, width, len(legend))
    canvas = Canvas(look, width, frame.top + PLOT_HEIGHT + BELOW, key=key)
    canvas.named(data.spec.title, data.told())
    draw_legend(canvas, data, legend, 0)
    draw_frame(canvas, data, frame)
    for number, each in enumerate(data.series):
        for points in _pieces(each, frame, len(data.labels)):
            path = "M" + "L".join(f"{shown(x)} {shown(y)}" for x, y, _ in points)
            canvas.add("path", {**look.stroke(number), **dash(number)}, d=path, stroke_width=2.25)
            for x, y, _ in points:
                mark(canvas, number, x, y)
            if len(data.series) == 1:
                _draw_numbers(canvas, each, points, frame.width / len(data.labels))
    draw_labels(canvas, data, frame)
    return canvas


def _draw_numbers(canvas: Canvas, series: Series, points: list[Point], slot: float) -> None:
    """Each number above its point, or below it where the line comes down to it, if they have room beside each other."""
    words = [series.words(value) for _, _, value in points]
    if max(width_of(each, SMALL) for each in words) > slot:
        return
    for place, (x, y, _) in enumerate(points):
        beside = [points[near][1] for near in (place - 1, place + 1) if 0 <= near < len(points)]
        is_low = bool(beside) and all(other < y for other in beside)
        canvas.text(words[place], x, y + 19 if is_low else y - 10, canvas.look.halo, anchor="middle", size=SMALL)


def _pieces(series: Series, frame: Frame, labels: int) -> Iterator[list[Point]]:
    """The points, in runs without a missing number."""
    slot = frame.width / labels
    placed = [
        None if value is None else (frame.left + slot * (place + 0.5), frame.y(value), value)
        for place, value in enumerate(series.values)
    ]
    for is_missing, points in groupby(placed, lambda point: point is None):
        if not is_missing:
            yield [point for point in points if point is not None]

"""Bars that stand, alone or in groups: for few and short labels."""

from reports.formats.charts.canvas import SMALL, Canvas, width_of
from reports.formats.charts.data import Data
from reports.formats.charts.frame import BELOW, PLOT_HEIGHT, draw_frame, draw_labels, frame_of
from reports.formats.charts.legend import draw_legend, legend_rows
from reports.formats.charts.look import Look
from reports.formats.charts.scale import round_scale
from tenants.templatetags.words import DASH

FILLED = 0.72
"""Of a label's place."""
WIDEST = 64.0


def fits(data: Data, width: float) -> bool:
    """Whether the labels can stand side by side."""
    slot = (width - 60) / len(data.labels)
    return slot >= 18 * len(data.series) and all(width_of(label, SMALL) + 8 <= slot for label in data.labels)


def draw_upright(data: Data, look: Look, width: float, key: str) -> Canvas:
    """The drawing."""
    scale = round_scale(data.numbers, is_whole=data.is_whole, has_zero=True)
    legend = legend_rows(data, width)
    frame = frame_of(data, scale, width, len(legend))
    canvas = Canvas(look, width, frame.top + PLOT_HEIGHT + BELOW, key=key)
    canvas.named(data.spec.title, data.told())
    draw_legend(canvas, data, legend, 0)
    draw_frame(canvas, data, frame)
    slot = frame.width / len(data.labels)
    thick = min(slot * FILLED / len(data.series), WIDEST)
    for place in range(len(data.labels)):
        first = frame.left + slot * (place + 0.5) - thick * len(data.series) / 2
        for number, each in enumerate(data.series):
            value = each.values[place]
            x, zero = first + thick * number, frame.y(0)
            if value is None:
                canvas.text(DASH, x + thick / 2, zero - 5, look.muted, anchor="middle", size=SMALL)
                continue
            y = frame.y(value)
            canvas.bar(x + 1, min(y, zero), thick - 2, abs(zero - y), number)
            words = each.words(value)
            if width_of(words, SMALL) <= max(thick, slot / len(data.series)):
                above = y - 5 if value >= 0 else y + 14
                canvas.text(words, x + thick / 2, above, look.halo, anchor="middle", size=SMALL)
    draw_labels(canvas, data, frame)
    return canvas

"""Bars that lie, with their labels before them: for long or many labels."""

from reports.formats.charts.canvas import SIZE, SMALL, Canvas, cut, width_of
from reports.formats.charts.data import Data
from reports.formats.charts.legend import ROW, draw_legend, legend_rows
from reports.formats.charts.look import Look
from reports.formats.charts.scale import round_scale
from tenants.templatetags.words import DASH

THICK = 16.0
BETWEEN = 9.0
LONGEST = 270.0
BELOW = 24.0


def draw_lying(data: Data, look: Look, width: float, key: str) -> Canvas:
    """The drawing; its height grows with the labels."""
    scale = round_scale(data.numbers, is_whole=data.is_whole, has_zero=True)
    legend = legend_rows(data, width)
    left = min(LONGEST, max(width_of(label) for label in data.labels)) + 10
    spare = max(
        width_of(each.words(value), SMALL) for each in data.series for value in each.values if value is not None
    )
    length = width - left - spare - 12
    top, pitch = ROW * len(legend) + 8, THICK * len(data.series) + BETWEEN
    bottom = top + pitch * len(data.labels)
    canvas = Canvas(look, width, bottom + BELOW + 18, key=key)
    canvas.named(data.spec.title, data.told())
    draw_legend(canvas, data, legend, 0)
    for tick in scale.ticks:
        x = left + scale.part(tick) * length
        canvas.line(x, top, x, bottom, look.axis if tick == 0 else look.grid)
        canvas.text(data.tick_words(tick, scale.digits), x, bottom + 16, look.muted, anchor="middle", size=SMALL)
    canvas.text(data.unit, left, bottom + BELOW + 12, look.muted, size=SMALL)
    zero = left + scale.part(0) * length
    for place, label in enumerate(data.labels):
        y = top + pitch * place + BETWEEN / 2
        half = THICK * len(data.series) / 2
        canvas.text(cut(label, LONGEST), left - 8, y + half + SIZE / 3, look.ink, anchor="end")
        for number, each in enumerate(data.series):
            value = each.values[place]
            middle = y + THICK * (number + 0.5)
            if value is None:
                canvas.text(DASH, zero + 5, middle + 4, look.muted, size=SMALL)
                continue
            x = left + scale.part(value) * length
            canvas.bar(min(x, zero), y + THICK * number + 1, abs(x - zero), THICK - 2, number)
            canvas.text(each.words(value), max(x, zero) + 5, middle + 4, look.halo, size=SMALL)
    return canvas

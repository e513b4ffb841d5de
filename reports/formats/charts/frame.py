"""The frame of an upright drawing: its place, the ticks at its side, the labels below."""

from dataclasses import dataclass

from reports.formats.charts.canvas import SMALL, Canvas, cut, width_of
from reports.formats.charts.data import Data
from reports.formats.charts.legend import ROW
from reports.formats.charts.scale import Scale

PLOT_HEIGHT = 250.0
BELOW = 28.0


@dataclass(frozen=True)
class Frame:
    """Where the numbers are drawn."""

    left: float
    top: float
    width: float
    scale: Scale

    @property
    def bottom(self) -> float:
        """The lowest tick's height."""
        return self.top + PLOT_HEIGHT

    def y(self, value: float) -> float:
        """A number's height."""
        return self.bottom - self.scale.part(value) * PLOT_HEIGHT


def frame_of(data: Data, scale: Scale, width: float, legend: int) -> Frame:
    """A frame that leaves room for the ticks' words and the legend's rows."""
    left = max(width_of(data.tick_words(tick, scale.digits), SMALL) for tick in scale.ticks) + 12
    return Frame(left, ROW * legend + 30, width - left - 14, scale)


def draw_frame(canvas: Canvas, data: Data, frame: Frame) -> None:
    """The unit, a line for each tick, and the one that bars stand on."""
    canvas.text(data.unit, 0, frame.top - 14, canvas.look.muted, size=SMALL)
    for tick in frame.scale.ticks:
        y = frame.y(tick)
        canvas.line(frame.left, y, frame.left + frame.width, y, canvas.look.axis if tick == 0 else canvas.look.grid)
        words = data.tick_words(tick, frame.scale.digits)
        canvas.text(words, frame.left - 7, y + 4, canvas.look.muted, anchor="end", size=SMALL)


def draw_labels(canvas: Canvas, data: Data, frame: Frame) -> None:
    """Every label, or every second one, and so on, where they would touch."""
    slot = frame.width / len(data.labels)
    widest = max(width_of(label, SMALL) for label in data.labels) + 10
    every = max(1, -int(-min(widest, 150) // slot))
    for number in range(0, len(data.labels), every):
        x = frame.left + slot * (number + 0.5)
        words = cut(data.labels[number], slot * every, SMALL)
        canvas.text(words, x, frame.bottom + 19, canvas.look.muted, anchor="middle", size=SMALL)

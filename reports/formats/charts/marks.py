"""Points of a line: each series has a shape and a dash of its own."""

from reports.formats.charts.canvas import Canvas, shown

SHAPES = ("M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", "M-4 -4h8v8h-8z", "M0 -5L5 4H-5z", "M0 -5.5L5.5 0L0 5.5L-5.5 0z")
DASHES = ("", "7 4", "2 3", "9 3 2 3")


def mark(canvas: Canvas, series: int, x: float, y: float) -> None:
    """A point of a series."""
    place = f"translate({shown(x)} {shown(y)})"
    canvas.add("path", canvas.look.fill(series), d=SHAPES[series % len(SHAPES)], transform=place)


def dash(series: int) -> dict[str, str]:
    """How a series' line is broken."""
    pattern = DASHES[series % len(DASHES)]
    return {"stroke-dasharray": pattern} if pattern else {}

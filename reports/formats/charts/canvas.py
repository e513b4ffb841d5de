"""Elements of SVG in their order, well-formed whatever the words are."""

import re
from typing import Final
from xml.etree import ElementTree

from reports.formats.charts.look import Look

NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LETTER: Final = 0.58
"""Of the font's size: how wide a letter is, on the average."""
SIZE: Final = 13.0
SMALL: Final = 12.0


class Canvas:
    """A drawing in the making."""

    def __init__(self, look: Look, width: float, height: float, *, key: str) -> None:
        self.look, self.width, self.height, self.key = look, width, height, key
        size = {"width": shown(width), "height": shown(height), "viewBox": f"0 0 {shown(width)} {shown(height)}"}
        named = {"role": "img", "aria-labelledby": f"{key}-title {key}-desc"}
        self._root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, **named, **look.root})
        self._defined: set[int] = set()

    def named(self, title: str, told: str) -> None:
        """What it is called, and what it shows."""
        for tag, words in (("title", title), ("desc", told)):
            ElementTree.SubElement(self._root, tag, {"id": f"{self.key}-{tag}"}).text = clean(words)

    def add(self, tag: str, look: dict[str, str], **places: float | str) -> None:
        """An element with places, whose names have an underscore for a hyphen."""
        given = {
            name.replace("_", "-"): value if isinstance(value, str) else shown(value) for name, value in places.items()
        }
        ElementTree.SubElement(self._root, tag, {**given, **look})

    def text(
        self, words: str, x: float, y: float, look: dict[str, str], *, anchor: str = "start", size: float = SIZE
    ) -> None:
        """A line of words."""
        places = {"x": shown(x), "y": shown(y), "font-size": shown(size), "text-anchor": anchor}
        ElementTree.SubElement(self._root, "text", {**places, **look}).text = clean(words)

    def line(self, x1: float, y1: float, x2: float, y2: float, look: dict[str, str]) -> None:
        """A straight line."""
        self.add("line", look, x1=x1, y1=y1, x2=x2, y2=y2)

    def bar(self, x: float, y: float, width: float, height: float, series: int) -> None:
        """A bar of a series, in its colour and pattern."""
        self.add("rect", self._surface(series), x=x, y=y, width=width, height=height)

    def finished(self) -> str:
        """The drawing as text."""
        return ElementTree.tostring(self._root, encoding="unicode")

    def _surface(self, series: int) -> dict[str, str]:
        """The first series is plain; the others have a pattern too, which is defined where it is first needed."""
        if series == 0:
            return self.look.fill(0)
        name = f"{self.key}-{series}"
        if series not in self._defined:
            self._defined.add(series)
            self._define(name, series)
        return {"fill": f"url(#{name})"}

    def _define(self, name: str, series: int) -> None:
        turned = {"patternTransform": "rotate(45)"} if series % 2 else {}
        units = {"id": name, "width": "6", "height": "6", "patternUnits": "userSpaceOnUse", **turned}
        pattern = ElementTree.SubElement(ElementTree.SubElement(self._root, "defs"), "pattern", units)
        ElementTree.SubElement(pattern, "rect", {"width": "6", "height": "6", **self.look.fill(series)})
        path = {1: "M0 3H6", 2: "M0 3H6", 3: "M0 3H6M3 0V6"}.get(series, "M3 0V6")
        ElementTree.SubElement(pattern, "path", {"d": path, "stroke-width": "1.4", **self.look.gap})


def shown(number: float) -> str:
    """A place, to a hundredth."""
    return f"{number:.2f}".rstrip("0").rstrip(".") if number else "0"


def clean(words: str) -> str:
    """Without what XML does not allow."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def width_of(words: str, size: float = SIZE) -> float:
    """About how wide words are."""
    return len(words) * size * LETTER


def cut(words: str, most: float, size: float = SIZE) -> str:
    """Words that are about so wide at most; what is cut off is told by an ellipsis."""
    fitting = int(most / (size * LETTER))
    return words if len(words) <= fitting else words[: max(1, fitting - 1)].rstrip() + "\N{HORIZONTAL ELLIPSIS}"

"""Drawings: true to the numbers whatever these are, well-formed whatever the words are, told in words too."""

import math
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.formats.charts import MOST_LABELS, PAGE, PRINT, svg
from reports.formats.charts.data import LARGEST, data_of
from reports.formats.charts.drawn import WIDTH
from reports.formats.charts.scale import round_scale
from reports.formats.charts.upright import fits
from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import ChartKind, ChartSpec

WHERE = Column("where", "School")
COLUMNS = (WHERE, Column("boy", "At the beginning", Kind.DECIMAL), Column("eoy", "At the end", Kind.DECIMAL))
ONE = ChartSpec(ChartKind.BARS, "Score by school", "where", ("boy",), "points")
TWO = ChartSpec(ChartKind.GROUPED, "Growth by school", "where", ("boy", "eoy"), "points")
NUMBERS = st.none() | st.floats() | st.integers(-(10**6), 10**6)
ROWS = st.lists(st.tuples(st.text(max_size=40), NUMBERS, NUMBERS), max_size=15)


def tree(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(re.sub(r' xmlns="[^"]+"', "", drawing))  # noqa: S314 - our own


def bars(drawing: str) -> list[ElementTree.Element]:
    """Without the legend's and the patterns'."""
    return [bar for bar in tree(drawing).findall("rect") if (bar.get("width"), bar.get("height")) != ("22", "12")]


def length(bar: ElementTree.Element, *, lies: bool) -> float:
    return float(bar.attrib["width" if lies else "height"])


def finite(rows: Sequence[Sequence[Any]], places: Sequence[int]) -> list[float]:
    values = [row[place] for row in rows for place in places]
    return [float(value) for value in values if value is not None and math.isfinite(value)]


@pytest.mark.parametrize("name", ["x", "A school with a rather long name"])
@given(rows=ROWS)
def test_bars_are_as_long_as_their_numbers(name: str, rows: list[tuple[Any, ...]]) -> None:
    rows = [(name, *row[1:]) for row in rows]
    numbers = finite(rows, [1, 2])
    drawing = svg(TWO, rows, COLUMNS)
    if not numbers or max(map(abs, numbers)) >= LARGEST:
        assert drawing == ""
        return
    data = data_of(TWO, rows, COLUMNS)
    assert data is not None
    lies = not fits(data, WIDTH)
    found = [length(bar, lies=lies) for bar in bars(drawing)]
    assert len(found) == len(numbers)
    longest, largest = max(found), max(map(abs, numbers))
    for bar, value in zip(found, numbers, strict=True):
        share = abs(value) / largest if largest else 0
        assert bar == pytest.approx(longest * share, abs=0.02 + longest * 1e-6)


@given(ROWS, st.sampled_from(ChartKind), st.sampled_from([PAGE, PRINT]), st.text(max_size=30))
def test_any_words_and_numbers_are_well_formed(
    rows: list[tuple[Any, ...]], kind: ChartKind, look: Any, title: str
) -> None:
    drawing = svg(ChartSpec(kind, title, "where", ("boy", "eoy")), rows, COLUMNS, look)
    if drawing:
        root = tree(drawing)
        ids = [each.get("id") for each in root.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
        assert root.get("aria-labelledby", "").split() == ids[:2]
        assert "style=" not in drawing.replace(title, "")
        assert "nan" not in " ".join(value for each in root.iter() for value in each.attrib.values()).lower()
        places = [float(each.attrib[name]) for each in root.iter("rect") for name in ("x", "y") if name in each.attrib]
        assert all(-1 <= place <= 3000 for place in places)


@given(st.lists(st.floats(-1e14, 1e14), min_size=1, max_size=8), st.booleans(), st.booleans())
def test_scales_are_round_and_hold_all(values: list[float], is_whole: bool, has_zero: bool) -> None:
    scale = round_scale(values, is_whole=is_whole, has_zero=has_zero)
    slack = scale.step * 1e-6
    assert scale.low - slack <= min(values) <= max(values) <= scale.high + slack
    assert 1 <= scale.count <= 7
    assert scale.step / 10 ** math.floor(math.log10(scale.step)) == pytest.approx(1, abs=9)
    if has_zero:
        assert any(abs(tick) < slack for tick in scale.ticks)
    if is_whole:
        assert all(tick == int(tick) for tick in scale.ticks)


def test_ticks_are_those_that_people_expect() -> None:
    assert round_scale([114_531, 20_000], is_whole=True, has_zero=True).ticks == [
        0,
        25_000,
        50_000,
        75_000,
        100_000,
        125_000,
    ]
    assert round_scale([3, 1], is_whole=True, has_zero=True).ticks == [0, 1, 2, 3]
    assert round_scale([0.7, 0.2], is_whole=False, has_zero=True).ticks == [0, 0.2, 0.4, 0.6, 0.8]
    assert round_scale([-3, 8], is_whole=False, has_zero=True).ticks == [-5, -2.5, 0, 2.5, 5, 7.5, 10]
    assert round_scale([0], is_whole=False, has_zero=True).ticks == [0, 0.2, 0.4, 0.6, 0.8, 1]


def test_what_it_shows_is_told_in_words() -> None:
    root = tree(svg(TWO, [("Oak", 401.25, 455), ("Elm", None, 430.5)], COLUMNS))
    assert (root.get("role"), root.findtext("title")) == ("img", "Growth by school")
    assert root.findtext("desc") == (
        "Groups of bars with 2 values each. At the beginning: from 401.2 (Oak) to 401.2 (Oak)."
        " At the end: from 430.5 (Elm) to 455.0 (Oak). The numbers are in the table."
    )
    words = [each.text for each in root.iter("text")]
    assert {"points", "At the beginning", "At the end", "401.2", "430.5", "455.0", "Oak", "Elm", "\N{EN DASH}"} <= set(
        words
    )


def test_series_differ_by_more_than_their_colour() -> None:
    drawing = svg(TWO, [("Oak", 1, 2)], COLUMNS, PRINT)
    first, second = bars(drawing)
    assert (first.get("fill"), second.get("fill", "")[:5]) == ("#17594f", "url(#")
    assert tree(drawing).find("defs/pattern/path") is not None
    lines = svg(ChartSpec(ChartKind.LINE, "Growth", "where", ("boy", "eoy")), [("Aug", 1, 2), ("Sep", 2, 3)], COLUMNS)
    paths = [path for path in tree(lines).findall("path") if path.get("class", "").startswith("line-")]
    assert {path.get("stroke-dasharray") for path in paths[2:]} == {None, "7 4"}
    assert len({path.get("d") for path in tree(lines).findall("path") if path.get("transform")}) == 2


def test_a_line_is_broken_where_a_number_is_missing() -> None:
    rows = [("Aug", 4, None), ("Sep", 5, None), ("Oct", None, None), ("Nov", 7, None)]
    spec = ChartSpec(ChartKind.LINE, "Minutes", "where", ("boy",))
    lines = [path for path in tree(svg(spec, rows, COLUMNS)).findall("path") if path.get("class") == "line-1"]
    assert [path.get("d", "").count("L") for path in lines] == [1, 0]


def test_too_much_is_no_drawing() -> None:
    rows = [(f"School {number}", number, None) for number in range(MOST_LABELS + 1)]
    assert svg(ONE, rows, COLUMNS) == ""
    assert len(bars(svg(ONE, rows[1:], COLUMNS))) == MOST_LABELS
    assert svg(ONE, [], COLUMNS) == ""
    with pytest.raises(LookupError):
        svg(ChartSpec(ChartKind.BARS, "?", "where", ("nothing",)), rows, COLUMNS)

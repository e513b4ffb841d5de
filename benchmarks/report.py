"""The table that `make bench` prints, also as Markdown for docs/performance.md."""

from benchmarks.measure import Result

HEADER = ("work", "measured", "floor", "ratio", "bar", "held", "how")


def cells(result: Result) -> tuple[str, ...]:
    """One result as the texts of a row."""
    floor = "" if result.floor is None else _number(result.floor, result.unit)
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}x"
    bar = "" if result.bar is None else _bar(result, result.bar)
    held = {True: "yes", False: "NO", None: ""}[result.held]
    return (result.work, _number(result.value, result.unit), floor, ratio, bar, held, result.note)


def markdown(results: list[Result]) -> str:
    """The results as a Markdown table."""
    rows = [HEADER, ("---",) * len(HEADER), *(cells(result) for result in results)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _bar(result: Result, bar: float) -> str:
    sign = ">=" if result.at_least else "<="
    return f"{sign} {bar:g}x" if result.floor else f"{sign} {_number(bar, result.unit)}"


def _number(value: float, unit: str) -> str:
    if unit == "s":
        return f"{value * 1000:.2f} ms" if value < 1 else f"{value:.2f} s"
    if unit == "F1":
        return f"{value:.4f}"
    return f"{value:,.0f} {unit}".strip()

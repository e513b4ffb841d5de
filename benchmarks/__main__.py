"""`make bench`: measure, print ratios to floors of the same run, and say what machine it was.

make bench ARGS="--only districts,roster,reset --users 500000 --facts 2000000,20000000"
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from benchmarks.measure import Result

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.bench")


def main(arguments: list[str]) -> int:
    """Run the chosen benchmarks; the exit status is 1 when a bar was not held."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument(
        "--only",
        default="districts,roster,reset,restore,readers,exports,reports,memory,pages,matching",
        help="comma-separated names",
    )
    parser.add_argument("--districts", type=int, default=101)
    parser.add_argument("--users", type=int, default=500_000, help="of the roster")
    parser.add_argument("--facts", default="2000000,20000000", help="sizes of the reset, comma-separated")
    parser.add_argument("--book", type=int, default=13_000, help="districts behind the desk's pages")
    parser.add_argument("--students", type=int, default=50_000, help="in the district behind the portal's pages")
    parser.add_argument("--large", type=int, default=500_000, help="students of the district that is reported on")
    parser.add_argument(
        "--site", type=int, default=100_000, help="students on the site that transfers are matched with"
    )
    parser.add_argument("--orm", action="store_true", help="also measure the chunked ORM version at the smallest size")
    parser.add_argument("--markdown", type=Path, help="write the table to this file too")
    options = parser.parse_args(arguments)
    django.setup()
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    from benchmarks.database import make_database  # noqa: PLC0415 - Django is set up first
    from benchmarks.measure import machine  # noqa: PLC0415
    from benchmarks.report import cells, markdown  # noqa: PLC0415

    make_database()
    results: list[Result] = []
    for name in options.only.split(","):
        for result in _benchmark(name, options)():
            results.append(result)
            print("  ".join(text for text in cells(result) if text), flush=True)
    table = f"{machine()}\n\n{markdown(results)}\n"
    print(f"\n{table}")
    if options.markdown:
        options.markdown.write_text(table)
    return 0 if all(result.held is not False for result in results) else 1


def _benchmark(name: str, options: argparse.Namespace) -> "Callable[[], Iterator[Result]]":
    from benchmarks import (  # noqa: PLC0415
        districts,
        exports,
        matching,
        memory,
        pages,
        readers,
        reports,
        reset,
        restore,
        roster,
    )

    facts = sorted(int(size) for size in options.facts.split(","))
    known: dict[str, Callable[[], Iterator[Result]]] = {
        "districts": lambda: districts.measure(options.districts),
        "roster": lambda: roster.measure(options.users),
        "reset": lambda: reset.measure(facts, with_orm=options.orm),
        "restore": restore.measure,
        "readers": lambda: readers.measure(facts[-1]),
        "exports": lambda: exports.measure(facts, options.large),
        "reports": lambda: reports.measure(facts[-1], options.large),
        "pages": lambda: pages.measure(options.book, options.students),
        "matching": lambda: matching.measure(options.site),
        "memory": lambda: memory.measure(options.users, facts),
    }
    if name not in known:
        raise SystemExit(f"there is no benchmark {name!r}; there are: {', '.join(known)}")
    return known[name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

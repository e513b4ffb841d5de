"""The page that a person reads first."""

from typing import Final

from tenants.models import District
from tenants.templatetags.words import local, school_year

TEXT: Final = """{title}
{line}

{district}, school year {year}
Products: {products}
Everything is as it was on {moment} ({zone}).

What is in it
-------------
csv/*.csv            a table each, to be opened in a spreadsheet. What a spreadsheet would take for a formula begins
                     with an apostrophe. An empty cell is nothing, or an empty text.
data/*.parquet       the same tables exactly as they are kept, for programs (pandas, R, DuckDB read Parquet)
reports/             the year-end reports: each table whole as CSV and Parquet, the totals with drawings as PDF
{draft}data_dictionary.csv  every table and column in plain words: what it means, what it belongs to, whether it says
                     who somebody is
files/               stored files of students, such as portfolio artifacts
manifest.json        what is in the package, for programs: tables, columns, types, rows, checksums
SHA256SUMS           a checksum of every file

Tables whose name ends in "archive" hold what was archived when the year was reset; the others hold what was live.
{rows:,} rows in {tables} tables, of {students:,} students.

Is it whole?
------------
Unpack it and run:  sha256sum -c SHA256SUMS     (macOS: shasum -a 256 -c SHA256SUMS)
Yearturn did the same, and counted every table's rows, before it offered the file.

What to do with it
------------------
These are students' records: names, birth dates, results. Keep the file where such records are kept, and destroy it when
your own schedule says so. A package can be read back into an empty Yearturn with the command load_package.
Log-ins are in it without their passwords.
"""


DRAFT: Final = """certificate-draft    what the reset would do to this data, by category: before it is done, a draft
"""


def readme(district: District, title: str, year: int, products: list[str], *, has_draft: bool, **told: object) -> str:
    """The text of README.txt."""
    head = f"{title}: year package"
    return TEXT.format(
        title=head, line="=" * len(head), district=district.name, year=school_year(year).replace("\N{EN DASH}", "-"),
        products=", ".join(products), draft=DRAFT if has_draft else "", zone=district.time_zone, **told,
    )  # fmt: skip


def moment_words(district: District, moment: object) -> str:
    """A moment in the district's own time."""
    return local(moment, district.time_zone)  # type: ignore[arg-type]

"""The board as a file for a spreadsheet: everything that matches, streamed, some rows at a time."""

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from resets.desk.board import BoardFilters, current_school_year, parse_filters, schedules_matching
from resets.desk.csv_answer import csv_answer
from resets.desk.paging import board_page
from resets.desk.rows import BoardRow, board_rows
from resets.desk.undated import undated_page, undated_windows
from tenants import clock
from tenants.desk import school_years

AT_ONCE = 1000
HEADER = (
    "district", "host", "NCES id", "CSM", "suite", "school year", "reset date", "days left", "answer", "conflicts",
    "held", "items ready", "items in all", "last sync", "state of the last sync", "last import", "held removals",
    "year's data", "waits for it until", "state of the run",
)  # fmt: skip
UNDATED_HEADER = ("district", "host", "NCES id", "suite", "school year", "why there is no date", "what to do")


@require_safe
def board_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Every line that matches the same filters as on the page, in the same order."""
    asked, as_of = parse_filters(request.GET), clock.today_in("UTC")
    filters = replace(asked, school_year=asked.school_year or current_school_year(as_of))
    lines = _undated(request, filters) if filters.undated else _dated(request, filters)
    kind = "without-a-date" if filters.undated else "board"
    header = UNDATED_HEADER if filters.undated else HEADER
    return csv_answer(f"{kind}-{filters.school_year}-{as_of}", header, lines)


def _dated(request: HttpRequest, filters: BoardFilters) -> Iterator[tuple[object, ...]]:
    rows, after = schedules_matching(request, filters), ""
    while True:
        page = board_page(rows, filters.sort, after=after, limit=AT_ONCE)
        yield from (_line(row) for row in board_rows(page.schedules, clock.now()))
        after = page.after
        if not after:
            return


def _line(row: BoardRow) -> tuple[object, ...]:
    schedule, district, status = row.schedule, row.district, row.status
    counted = bool(status.ready_total)
    return (
        district.name, district.slug, district.nces_id, district.csm and district.csm.name, row.suite,
        school_years(schedule.school_year), schedule.on, "" if row.is_done else row.days,
        schedule.get_answer_display(), "; ".join(row.conflicts), "held" if schedule.held_at else "",
        status.ready_items if counted else "", status.ready_total if counted else "", _moment(status.last_sync_at),
        row.sync_words, _moment(status.last_import_at), status.held_removals, row.data.short,
        row.data.standing.last_on if row.data_until else "", row.run_words,
    )  # fmt: skip


def _undated(request: HttpRequest, filters: BoardFilters) -> Iterator[tuple[object, ...]]:
    windows, after = undated_windows(filters, clock.today_in("UTC")), ""
    while True:
        page = undated_page(request, filters, windows, clock.now(), after=after, limit=AT_ONCE)
        for row in page.rows:
            district = row.district
            year = school_years(filters.school_year or 0)
            yield district.name, district.slug, district.nces_id, row.suite, year, row.reason, row.advice
        after = page.after
        if not after:
            return


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M UTC}" if at else ""

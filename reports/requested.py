"""Requests for export and destruction on the home page: what is open and whom it waits for, and what was done."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.urls import reverse

from approvals.models import Approval
from disposal.models import OPEN, Case, CaseState
from disposal.selectors import OPEN_FIRST
from disposal.waiting import CSM, DISTRICT, waiting, what
from reports.asked import CSM as CSM_WORDS
from reports.asked import Ask
from reports.done import MOST, Deed
from resets.views.words import who_words
from tenants.models import District

SHOWN: Final = 5
"""So many of those that are open, the most urgent; the list has them all."""
YEARTURN: Final = "Yearturn, by itself"


def told_requests(district: District) -> list[Case]:
    """A district's requests that are open, by due date, then those that were done last. One query."""
    told = Case.objects.filter(district=district, state__in=(*OPEN, CaseState.DONE))
    return list(told.order_by(OPEN_FIRST, "-done_at", "due_on", "pk")[: 2 * MOST])


def request_asks(cases: list[Case], as_of: dt.date, at: dt.datetime) -> list[Ask]:
    """What is asked about open requests, the most urgent first. One query, and none where there are none."""
    open_ones = [case for case in cases if case.is_open]
    keys = [case.approval_id for case in open_ones[:SHOWN] if case.approval_id]
    approvals = Approval.objects.in_bulk(keys) if keys else {}
    asks = [_ask(case, approvals.get(case.approval_id), as_of, at) for case in open_ones[:SHOWN]]
    if len(open_ones) > SHOWN:
        asks.append(Ask("More requests are open", "They are due later.", "later", reverse("requests"), "See them all"))
    return asks


def request_deeds(cases: list[Case]) -> Iterator[Deed]:
    """Requests that were done."""
    for case in cases:
        if case.done_at is not None:
            rows = sum(case.counts.values())
            yield Deed(
                case.done_at, what(case).capitalize(), f"{rows:,} rows; due on {_day(case.due_on)}",
                f"asked by {who_words(case.asked_by)}", reverse("request", args=[case.pk]),
            )  # fmt: skip


def _ask(case: Case, approval: Approval | None, as_of: dt.date, at: dt.datetime) -> Ask:
    is_late = case.due_on < as_of
    due = f"overdue since {_day(case.due_on)}" if is_late else f"due on {_day(case.due_on)}"
    now = waiting(case, approval, at)
    whose = {CSM: CSM_WORDS, DISTRICT: ""}.get(now.whose, YEARTURN)
    address = reverse("request", args=[case.pk])
    return Ask(f"{what(case).capitalize()}: {due}", now.text, "now", address, "See the request", whose)


def _day(on: dt.date) -> str:
    return f"{on:%B} {on.day}"

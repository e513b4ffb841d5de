"""What the desk's first page says of requests: those that are late, and those that soon will be."""

import datetime as dt

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from disposal.models import OPEN, Case
from disposal.terms import SOON
from tenants import clock
from tenants.desk import own_book
from tenants.desk_waiting import Waiting


def requests_waiting(request: HttpRequest, now: dt.datetime) -> list[Waiting]:
    """Requests of the own book whose due date is over in UTC, and those that are due within the next days."""
    as_of = clock.date_in(now, "UTC")
    cases = Case.objects.filter(district__in=own_book(request), state__in=OPEN)
    late = cases.filter(due_on__lt=as_of).count()
    soon = cases.filter(Q(due_on__gte=as_of) & Q(due_on__lte=as_of + dt.timedelta(days=SOON))).count()
    address = reverse("admin:disposal_case_changelist")
    return [
        Waiting("Requests overdue", late, "The date that the law or the agreement sets is over.", address, bool(late)),
        Waiting("Requests due soon", soon, f"To be done within {SOON} days.", address),
    ]

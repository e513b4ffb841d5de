"""What the desk's first page says of approvals."""

import datetime as dt

from django.http import HttpRequest
from django.urls import reverse

from approvals.models import Approval, ApprovalState
from tenants.desk import own_book
from tenants.desk_waiting import Waiting


def approvals_waiting(request: HttpRequest, now: dt.datetime) -> list[Waiting]:
    """How many wait for a second person and are still good."""
    asked = Approval.objects.filter(district__in=own_book(request), state=ApprovalState.ASKED, expires_at__gt=now)
    address = f"{reverse('admin:approvals_approval_changelist')}?state__exact={ApprovalState.ASKED}"
    return [Waiting("Approvals to decide", asked.count(), "By a second person, not by who asked.", address)]

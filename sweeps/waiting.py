"""What the desk's first page says of incidents."""

import datetime as dt

from django.http import HttpRequest
from django.urls import reverse

from sweeps.models import Incident
from tenants.desk import own_book
from tenants.desk_waiting import Waiting


def incidents_waiting(request: HttpRequest, _now: dt.datetime) -> list[Waiting]:
    """How many nobody has closed: something was found that should have been gone."""
    found = Incident.objects.filter(district__in=own_book(request), closed_at=None).count()
    address = f"{reverse('admin:sweeps_incident_changelist')}?closed_at__isempty=1"
    text = "A search found what should have been gone. Look, and close them."
    return [Waiting("Open incidents", found, text, address, is_late=bool(found))]

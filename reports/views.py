"""The home pages."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.pages import district_of, moment, own_school, page, person, today
from reports.asked import registered_asks
from reports.asks import asks_of, school_asks
from reports.done import MOST, deeds_of, newest_of, restore_deeds
from reports.requested import request_asks, request_deeds, told_requests
from reports.selectors import district_numbers, school_numbers, sections_taught
from reports.timeline import timeline
from resets.views.reads import SuiteYear, suite_years, told_runs
from resets.views.undone import undone_of
from resets.views.words import percent_of
from resets.views.year_data import with_data
from rostering.models import School, SyncPause
from rostering.selectors import latest_of, told_syncs
from rostering.uploads import told_progress
from rostering.views.reads import open_upload
from tenants import clock
from tenants.models import Csm, District


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where the year stands: for a district admin with what is asked now, for others with their own numbers."""
    district, user, as_of = district_of(request), person(request), today(request)
    runs = told_runs(district)
    years = suite_years(request, runs)
    shown = [year for year in years if year.school_year >= district.school_year or not year.is_done] or years[:4]
    shown = with_data(shown, moment(request))
    context: dict[str, Any] = {"as_of": as_of, "years": shown, "csm": _csm(district), "under_way": _under_way(years)}
    pauses = list(SyncPause.objects.order_by("paused_on", "pk"))
    restores = undone_of(runs)
    context["timeline"] = timeline(district, shown, _complete_on(district, pauses), as_of, restores)
    if user.role == Role.EDUCATOR:
        context["sections"] = sections_taught(user.educator_id) if user.educator_id else []
        return page(request, "home/educator.html", "home", context)
    syncs = told_syncs(MOST)
    context |= {**_upload(district), "pauses": [pause for pause in pauses if pause.resumed_at is None]}
    context["received"] = latest_of(syncs)
    deeds = [*deeds_of(years, runs, syncs, pauses), *restore_deeds(restores)]
    if user.role == Role.SCHOOL_ADMIN:
        context |= {**_school(user), "deeds": newest_of(deeds)}
        context["asks"] = school_asks(shown, context["pauses"], context["received"], as_of)
        return page(request, "home/school.html", "home", context)
    requests = told_requests(district)
    context["deeds"] = newest_of([*deeds, *request_deeds(requests)])
    asks = asks_of(district, shown, context["pauses"], context["received"], as_of)
    context["asks"] = [*registered_asks(district), *request_asks(requests, as_of, clock.now()), *asks]
    context["numbers"] = district_numbers()
    return page(request, "home/district.html", "home", context)


def _upload(district: District) -> dict[str, Any]:
    upload = open_upload(district)
    told = told_progress(upload.key) if upload else None
    return {
        "upload": upload,
        "upload_percent": round(told[1] * 100) if told else None,
    }


def _school(user: User) -> dict[str, Any]:
    school_id = own_school(user) or 0
    return {"school": School.objects.filter(pk=school_id).first(), "numbers": school_numbers(school_id)}


def _complete_on(district: District, pauses: list[SyncPause]) -> dt.date | None:
    """The district's date on which rostering was last declared complete."""
    newest = max((pause.resumed_at for pause in pauses if pause.resumed_at), default=None)
    return clock.date_in(newest, district.time_zone) if newest else None


def _under_way(years: list[SuiteYear]) -> list[dict[str, Any]]:
    return [{"year": year, "percent": percent_of(year.run)} for year in years if year.run and year.is_under_way]


def _csm(district: District) -> Csm | None:
    if district.csm_id is None:
        return None
    return Csm.objects.filter(pk=district.csm_id).first()

"""Where the reset pages are."""

from django.urls import path

from resets.calendar.views import calendar_address, calendar_feed
from resets.views.lists import resets
from resets.views.preview import reset_preview
from resets.views.readiness import readiness, readiness_csv, readiness_item
from resets.views.run import reset_run, reset_run_progress

urlpatterns = [
    path("resets/", resets, name="resets"),
    path("readiness/", readiness, name="readiness"),
    path("readiness/<slug:item>/", readiness_item, name="readiness_item"),
    path("readiness/<slug:item>.csv", readiness_csv, name="readiness_csv"),
    path("calendar/<slug:token>.ics", calendar_feed, name="calendar_feed"),
    path("resets/calendar/", calendar_address, name="calendar_address"),
    path("resets/runs/<uuid:key>/", reset_run, name="reset_run"),
    path("resets/runs/<uuid:key>/progress/", reset_run_progress, name="reset_run_progress"),
    path("resets/<slug:suite>/<int:school_year>/", reset_preview, name="reset_preview"),
]

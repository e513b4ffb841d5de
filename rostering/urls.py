"""Where the roster pages are."""

from django.urls import path

from rostering.views.complete import rostering_complete
from rostering.views.errors import sync_errors_csv
from rostering.views.history import rosters
from rostering.views.release import sync_release
from rostering.views.sync import sync
from rostering.views.upload import roster_upload

urlpatterns = [
    path("rosters/", rosters, name="rosters"),
    path("rosters/upload/", roster_upload, name="roster_upload"),
    path("rosters/complete/", rostering_complete, name="rostering_complete"),
    path("rosters/<uuid:key>/", sync, name="sync"),
    path("rosters/<uuid:key>/errors.csv", sync_errors_csv, name="sync_errors_csv"),
    path("rosters/<uuid:key>/release/", sync_release, name="sync_release"),
]

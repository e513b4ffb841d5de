"""Where the roster pages are."""

from django.urls import path

from rostering.views.complete import rostering_complete
from rostering.views.errors import sync_errors_csv
from rostering.views.history import rosters
from rostering.views.release import sync_release
from rostering.views.source import (
    roster_nightly,
    roster_provider,
    roster_provider_remove,
    roster_provider_test,
    roster_pull,
    roster_source,
    sftp_key_add,
    sftp_key_remove,
)
from rostering.views.sync import sync
from rostering.views.upload import roster_upload

urlpatterns = [
    path("rosters/", rosters, name="rosters"),
    path("rosters/upload/", roster_upload, name="roster_upload"),
    path("rosters/complete/", rostering_complete, name="rostering_complete"),
    path("rosters/source/", roster_source, name="roster_source"),
    path("rosters/source/nightly/", roster_nightly, name="roster_nightly"),
    path("rosters/source/provider/", roster_provider, name="roster_provider"),
    path("rosters/source/provider/remove/", roster_provider_remove, name="roster_provider_remove"),
    path("rosters/source/provider/test/", roster_provider_test, name="roster_provider_test"),
    path("rosters/source/pull/", roster_pull, name="roster_pull"),
    path("rosters/source/keys/", sftp_key_add, name="sftp_key_add"),
    path("rosters/source/keys/<int:recipient>/remove/", sftp_key_remove, name="sftp_key_remove"),
    path("rosters/<uuid:key>/", sync, name="sync"),
    path("rosters/<uuid:key>/errors.csv", sync_errors_csv, name="sync_errors_csv"),
    path("rosters/<uuid:key>/release/", sync_release, name="sync_release"),
]

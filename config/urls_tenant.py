"""A district's own host."""

from django.urls import URLPattern, URLResolver, include, path

from accounts.urls import visits_urlpatterns
from api.access.urls import token_urlpatterns
from api.webhooks.urls import urlpatterns as webhooks
from config.health import healthz
from resets.api import RunView, ScheduleListView
from rostering.api import SyncView

api: list[URLPattern | URLResolver] = [
    path("runs/<uuid:pk>/", RunView.as_view(), name="api_run"),
    path("schedules/", ScheduleListView.as_view(), name="api_schedules"),
    path("syncs/<uuid:pk>/", SyncView.as_view(), name="api_sync"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reports.urls")),
    path("", include("reports.packages.urls")),
    path("", include("reports.pages.urls")),
    path("", include("reports.people.urls")),
    path("people/", include("transfers.urls")),
    path("", include("reports.hero.urls")),
    path("", include("accounts.urls")),
    path("", include(token_urlpatterns)),
    path("", include(visits_urlpatterns)),
    path("", include("api.access.urls")),
    path("", include("rostering.urls")),
    path("", include("resets.urls")),
    path("", include("correspondence.urls")),
    path("", include("archiving.urls")),
    path("", include("holds.urls")),
    path("", include("certificates.urls")),
    path("", include("disposal.urls")),
    path("", include(webhooks)),
    path("api/v1/", include(api)),
    path("ims/oneroster/", include("api.oneroster.urls")),
    path("healthz", healthz, name="healthz"),
]

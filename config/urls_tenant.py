"""A district's own host."""

from django.urls import URLPattern, URLResolver, include, path

from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("reports.urls")),
    path("", include("rostering.urls")),
    path("", include("resets.urls")),
    path("healthz", healthz, name="healthz"),
]

"""The public host: the CSM's desk."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from api.access.urls import token_urlpatterns
from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("", include("accounts.urls")),
    path("", include(token_urlpatterns)),
    path("", include("certificates.urls_public")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]

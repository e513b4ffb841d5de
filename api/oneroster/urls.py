"""Where the OneRoster provider is, on each district's host."""

from django.urls import URLPattern, URLResolver, include, path

from api.oneroster.urls_roster import addresses
from api.oneroster.views import NothingView

app_name = "oneroster"
urlpatterns: list[URLPattern | URLResolver] = [
    path("rostering/v1p2/", include(list(addresses(old=False)))),
    path("v1p1/", include(list(addresses(old=True)))),
    path("<path:rest>", NothingView.as_view(), name="nothing"),
]

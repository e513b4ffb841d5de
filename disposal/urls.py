"""Requests for export and destruction, on a district's own host."""

from django.urls import path

from disposal import views

urlpatterns = [
    path("requests/", views.requests, name="requests"),
    path("requests/new/<slug:asked>/", views.request_new, name="request_new"),
    path("requests/<uuid:case>/", views.request_shown, name="request"),
    path("requests/<uuid:case>/download/", views.request_download, name="request_download"),
]

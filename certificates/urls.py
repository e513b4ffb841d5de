"""Certificates, on a district's own host."""

from django.urls import path

from certificates import views

urlpatterns = [
    path("certificates/", views.certificates, name="certificates"),
    path("certificates/entry/<int:entry>/", views.certificate_of_entry, name="certificate_of_entry"),
    path("certificates/<slug:number>/", views.certificate, name="certificate"),
    path("certificates/<slug:number>/<int:version>.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("certificates/<slug:number>/<int:version>.json", views.certificate_json, name="certificate_json"),
]

"""Checking certificates, on the public host: for anybody."""

from django.urls import path

from certificates import public

urlpatterns = [
    path("certificates/keys.pem", public.certificate_keys, name="certificate_keys"),
    path("certificates/check/", public.certificate_check, name="certificate_check"),
    path("certificates/check/<slug:number>/", public.certificate_facts, name="certificate_facts"),
]

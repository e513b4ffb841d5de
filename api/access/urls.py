"""Where tokens are given, on every host, and where a district admin keeps the clients."""

from django.urls import path

from api.access import tokens, views

token_urlpatterns = [
    path("oauth/token", tokens.token, name="oauth_token"),
    path("oauth/revoke", tokens.revoke, name="oauth_revoke"),
]
"""Both hosts."""

urlpatterns = [
    path("programs/", views.clients, name="clients"),
    path("programs/new/", views.client_new, name="client_new"),
    path("programs/<int:client>/", views.client, name="client"),
    path("programs/<int:client>/secret/", views.client_rotate, name="client_rotate"),
    path("programs/<int:client>/revoke/", views.client_revoke, name="client_revoke"),
]
"""A district's host."""

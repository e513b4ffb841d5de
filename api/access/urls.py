"""Where tokens are given, on every host, and where a district admin keeps the clients."""

from django.urls import path

from api.access import tokens

token_urlpatterns = [
    path("oauth/token", tokens.token, name="oauth_token"),
    path("oauth/revoke", tokens.revoke, name="oauth_revoke"),
]

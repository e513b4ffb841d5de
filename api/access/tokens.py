"""The token endpoint, on every host: a token is good at the host that gave it, and nowhere else."""

import json
import logging
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django_tenants.utils import schema_context
from oauthlib.oauth2 import BackendApplicationServer

from accounts.callers import address_of, network_of
from accounts.throttle import has_been_too_often, is_too_often
from api.access.authentication import host_of
from api.access.secrets import new_token
from api.access.validator import TOKEN_SECONDS, ClientValidator
from tenants import clock

FORM: Final = "application/x-www-form-urlencoded"
LARGEST: Final = 16 * 1024
FAILED: Final = "failed-clients"
WINDOW_SECONDS: Final = 60
NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
logging.getLogger("oauthlib").setLevel(logging.INFO)  # below it writes requests, with the secrets in them


@csrf_exempt
@sensitive_post_parameters()
def token(request: HttpRequest) -> HttpResponse:
    """`POST /oauth/token`: RFC 6749, the client credentials grant."""
    return _answer(request, "create_token_response")


@csrf_exempt
@sensitive_post_parameters()
def revoke(request: HttpRequest) -> HttpResponse:
    """`POST /oauth/revoke`: RFC 7009."""
    return _answer(request, "create_revocation_response")


def _answer(request: HttpRequest, what: str) -> HttpResponse:
    host, network = request.get_host(), network_of(request)
    if request.method != "POST":
        return _error(405, "invalid_request", "Send a POST.", Allow="POST")
    if has_been_too_often(FAILED, host, network, settings.API_FAILURES_PER_MINUTE):
        text = "Too many wrong secrets came from this network. Wait a minute."
        return _error(429, "invalid_request", text, **{"Retry-After": str(WINDOW_SECONDS)})
    body = _body(request)
    if body is None:
        return _error(400, "invalid_request", f"Send the body as {FORM}.")
    with schema_context("public"):
        validator = ClientValidator(host_of(request), address_of(request), clock.now())
        server = BackendApplicationServer(
            validator, token_generator=lambda _: new_token(), token_expires_in=TOKEN_SECONDS
        )
        headers, text, status = getattr(server, what)(request.path, "POST", body, _headers(request))
    if status == 401:
        is_too_often(FAILED, host, network, settings.API_FAILURES_PER_MINUTE, WINDOW_SECONDS)
        headers["WWW-Authenticate"] = 'Basic realm="yearturn"'
    return HttpResponse(text, status=status, headers={"Content-Type": "application/json", **headers, **NO_STORE})


def _body(request: HttpRequest) -> str | None:
    """The form as it was sent; None for what is none."""
    if request.content_type != FORM or int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return None
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        return None
    return None if "%00" in text or "\x00" in text else text


def _headers(request: HttpRequest) -> dict[str, Any]:
    sent = {"Content-Type": FORM}
    return {**sent, "Authorization": request.headers["Authorization"]} if "Authorization" in request.headers else sent


def _error(status: int, error: str, text: str, **headers: str) -> HttpResponse:
    body = json.dumps({"error": error, "error_description": text})
    return HttpResponse(body, status=status, headers={"Content-Type": "application/json", **headers, **NO_STORE})

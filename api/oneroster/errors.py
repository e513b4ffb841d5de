"""Errors in OneRoster's own form, the same for everything that can go wrong."""

from typing import Any, Final

from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from api.oneroster.language.errors import QueryError

MINORS: Final = {
    400: "invaliddata",
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    405: "forbidden",
    429: "server_busy",
}
NOT_FOUND: Final = "Unknown Object: there is no such record here."


def status_info(minor: str, text: str, major: str = "failure") -> dict[str, Any]:
    """The body of an error (imsx_StatusInfoDType)."""
    return {
        "imsx_codeMajor": major,
        "imsx_severity": "error",
        "imsx_description": text,
        "imsx_CodeMinor": {
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor},
            ]
        },
    }


def handle_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal in OneRoster's form. None for a fault of ours, which stays a 500."""
    if isinstance(error, QueryError):
        return Response(status_info(error.minor, str(error)), status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    text = NOT_FOUND if isinstance(error, Http404) else "The request was refused."
    if isinstance(error, APIException):
        text = str(error.detail)
    minor = MINORS.get(response.status_code, "invaliddata")
    major = "unsupported" if response.status_code == 405 else "failure"
    response.data = status_info(minor, text, major)
    return response

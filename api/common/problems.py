"""Every error as a problem of RFC 9457: one shape, one content type, no trace of anything else."""

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

PROBLEM: Final = "application/problem+json"
NOT_FOUND: Final = "There is nothing at this address that you may see."
INVALID: Final = "Some of what was sent is not valid: see errors."


class Problem(APIException):
    """An error that a view says itself.

    Args:
        status_code: the HTTP status.
        code: a short name of the error, for programs.
        detail: what is wrong and what to do, for people.
        members: more facts, such as the identifiers that it is about.
    """

    def __init__(self, status_code: int, code: str, detail: str, **members: Any) -> None:
        super().__init__(detail, code)
        self.status_code, self.members = status_code, members


def problem_of(status_code: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    """The body of a problem. Its type is `about:blank` with the status's own words, and a `code` of ours beside it."""
    title = HTTPStatus(status_code).phrase
    return {"type": "about:blank", "title": title, "status": status_code, "detail": detail, "code": code, **members}


def problem_response(status_code: int, code: str, detail: str, **members: Any) -> JsonResponse:
    """A problem as an answer outside of DRF's views."""
    return JsonResponse(problem_of(status_code, code, detail, **members), status=status_code, content_type=PROBLEM)


def handle_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: its answer, said as a problem. None for what is a fault of ours, which stays a 500."""
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _body(error, response.status_code)
    response.content_type = PROBLEM
    return response


def _body(error: Exception, status_code: int) -> dict[str, Any]:
    if isinstance(error, ValidationError):
        return problem_of(status_code, "invalid", INVALID, errors=list(_errors(error.get_full_details(), "")))
    if isinstance(error, Http404) or status_code == status.HTTP_404_NOT_FOUND:
        detail = str(error.detail) if isinstance(error, Problem) else NOT_FOUND
        return problem_of(status_code, _code(error, "not_found"), detail)
    if isinstance(error, PermissionDenied):
        return problem_of(status_code, "permission_denied", str(error) or "This is not yours to do.")
    detail = str(getattr(error, "detail", error))
    return problem_of(status_code, _code(error, "error"), detail, **getattr(error, "members", {}))


def _code(error: Exception, otherwise: str) -> str:
    codes = error.get_codes() if isinstance(error, APIException) else otherwise
    return codes if isinstance(codes, str) else otherwise


def _errors(details: Any, pointer: str) -> Any:
    """Each wrong thing with a JSON pointer to it."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"pointer": f"#{pointer}", "detail": str(details["message"]), "code": str(details["code"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    else:
        for inner in details:
            yield from _errors(inner, pointer)

"""Whether this process reaches what it needs."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from config.celery import app

BROKER_SECONDS = 2


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """`{"database": "ok", "broker": "ok"}` with 200, or with "unreachable" and 503. Says nothing else to anybody."""
    found = {"database": _word(_database_answers()), "broker": _word(_broker_answers())}
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)


def _word(answers: bool) -> str:
    return "ok" if answers else "unreachable"


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except (OperationalError, OSError):
        return False
    return True

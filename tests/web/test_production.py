"""The production settings, in a process of their own: what they refuse, redirect and set."""

import base64
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = "yearturn.example"
NEEDED = (
    "SECRET_KEY", "TRANSFER_CODE_SECRET", "SEALING_KEYS", "SIGNING_KEY", "LEDGER_DIR", "YEARTURN_HOST", "DATABASE_URL",
    "REDIS_URL", "EMAIL_HOST", "EMAIL_FROM",
)  # fmt: skip
SCRIPT = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
found = {}
for path in ("/healthz", "/login/"):
    answer = Client().get(path, headers={"host": settings.DISTRICT_HOST_SUFFIX})
    found[path] = [answer.status_code, answer.get("Location", "")]
found["cookies"] = [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY]
found["domain"] = settings.SESSION_COOKIE_DOMAIN
print(json.dumps(found))
"""


def in_production(without: str = "") -> subprocess.CompletedProcess[str]:
    nowhere = {"DATABASE_URL": "postgres://u:p@127.0.0.1:1/n", "REDIS_URL": "redis://127.0.0.1:1/0"}
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_FROM": "Yearturn <no-reply@yearturn.example>"}
    keys = {name: secrets.token_urlsafe(60) for name in ("SECRET_KEY", "TRANSFER_CODE_SECRET", "SEALING_KEYS")}
    keys |= {"SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(), "LEDGER_DIR": "/nowhere/ledger"}
    own = {**keys, "YEARTURN_HOST": HOST, **nowhere, **mail}
    rest = {name: value for name, value in os.environ.items() if name not in (*NEEDED, "CELERY_BROKER_URL")}
    given = {name: value for name, value in own.items() if name != without}
    environment = {**rest, **given, "DJANGO_SETTINGS_MODULE": "config.settings.prod"}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_health_answers_without_tls_and_pages_do_not() -> None:
    done = in_production()
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["/healthz"] == [503, ""]  # nothing is behind these addresses, and it says so itself
    assert found["/login/"] == [301, f"https://{HOST}/login/"]


def test_a_cookie_is_its_own_hosts() -> None:
    found = json.loads(in_production().stdout)
    assert found["cookies"] == ["__Host-sessionid", True, True]
    assert found["domain"] is None


@pytest.mark.parametrize("name", NEEDED)
def test_nothing_starts_without_its_secrets(name: str) -> None:
    done = in_production(without=name)
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr

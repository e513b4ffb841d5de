"""A PostgreSQL URL as Django's database settings."""

from typing import Any
from urllib.parse import unquote, urlsplit


def database_from_url(url: str) -> dict[str, Any]:
    """Settings for `postgres://user:password@host:port/name`; an empty URL gives settings that connect to nothing.

    >>> database_from_url("postgres://u:p%40@h:5433/n")["PASSWORD"]
    'p@'
    """
    parts = urlsplit(url)
    return {
        "ENGINE": "tenants.backend",
        "NAME": parts.path.lstrip("/") or "yearturn",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "yearturn"},
    }

"""Production: secrets come from the environment, and without them nothing starts."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR


def required(name: str) -> str:
    """The environment's value.

    Raises:
        ImproperlyConfigured: the variable is missing or empty.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: production settings refuse to start without it")
    return value


SECRET_KEY = required("SECRET_KEY")
TRANSFER_CODE_SECRET = required("TRANSFER_CODE_SECRET")
SIGNING_KEY = required("SIGNING_KEY")
required("SEALING_KEYS")
required("LEDGER_DIR")
DISTRICT_HOST_SUFFIX = required("YEARTURN_HOST")
ALLOWED_HOSTS = [f".{DISTRICT_HOST_SUFFIX}"]
required("DATABASE_URL")
required("REDIS_URL")

SECURE_SSL_REDIRECT = True
# How many of our own proxies stand in front, each of which adds to X-Forwarded-For who asked it.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "1"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A browser takes a cookie of such a name from its own host only: no district's host can set another's.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
EMAIL_HOST = required("EMAIL_HOST")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "") == "1"
DEFAULT_FROM_EMAIL = required("EMAIL_FROM")
BOUNCE_DOMAIN = os.environ.get("EMAIL_BOUNCE_DOMAIN") or DISTRICT_HOST_SUFFIX
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = False
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

"""What every environment shares. Nothing secret is written here."""

import os
from pathlib import Path
from typing import Any

from config.settings.database import database_from_url
from config.settings.desk import UNFOLD  # noqa: F401 - a setting by being here

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = False
ALLOWED_HOSTS: list[str] = []
DISTRICT_HOST_SUFFIX = "localhost"
"""A district's host is `<slug>.<suffix>`; the bare suffix is the public host."""

PORTAL_ADDRESS = "https://{host}/"
"""A district's site, as letters write it."""
BOUNCE_DOMAIN = DISTRICT_HOST_SUFFIX
"""The domain whose mail for `bounces+...` is read by `read_bounces`."""
LETTER_CLAIM_SECONDS = 180
"""How long handing one letter to the mail server can take: longer than all its time limits together."""
EMAIL_TIMEOUT = 10

SHARED_APPS = [
    "django_tenants",
    "tenants",
    "accounts",
    "ledger",
    "events",
    "approvals",
    "products",
    "sweeps",
    "resets",
    "archiving",
    "archiving.years",
    "transfers.codes",
    "disposal",
    "certificates",
    "correspondence",
    "reports.delivery",
    "reports.packages",
    "api.webhooks",
    "api.access",
    "unfold",
    "django.contrib.admin",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_htmx",
]


def product_apps() -> list[str]:
    """Every folder in products/ that keeps a data map: a new product is a new folder, and nothing here changes."""
    return sorted(f"products.{path.parent.name}" for path in (BASE_DIR / "products").glob("*/catalog.py"))


TENANT_APPS = [
    "accounts",
    "django.contrib.sessions",
    "rostering",
    "holds",
    *product_apps(),
    "transfers.imports",
    "disposal.requests",
    "reports.downloads",
    "reports.delivery.subscriptions",
]
INSTALLED_APPS = [
    *SHARED_APPS,
    *[app for app in TENANT_APPS if app not in SHARED_APPS],
    "reports",
    "recovery",
    "transfers",
]

TENANT_MODEL = "tenants.District"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True  # SET search_path once per switch, not with every query; a rollback makes it set again
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
ROOT_URLCONF = "config.urls_tenant"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.headers.SecurityHeadersMiddleware",
    "tenants.middleware.DistrictMiddleware",
    "certificates.middleware.StrangersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.visiting.SupportVisitMiddleware",
    "accounts.middleware.PermissionMatrixMiddleware",
    "api.access.throttling.RateHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES: dict[str, Any] = {"default": database_from_url(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "accounts.User"
STRICT_MATRIX = False
"""Whether a URL that the permission matrix does not know is an error (tests, development) or a logged 403."""
TRUSTED_PROXIES = 0
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # schools share computers
SESSION_COOKIE_AGE = 12 * 60 * 60
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # without a collected folder, which only production has

DATA_DIR = Path(os.environ.get("YEARTURN_DATA", BASE_DIR / ".data"))
MEDIA_ROOT = DATA_DIR / "media"
REPORT_PATIENCE_MS = int(os.environ.get("REPORT_PATIENCE_MS", "180"))
"""A report's table that takes the database longer follows the page that it stands on."""
REPORT_COUNTING_MS = 2_000
"""A download that takes the database longer to count is made by the worker."""
DROP_ROOT = Path(os.environ.get("YEARTURN_DROP_ROOT", DATA_DIR / "drop"))
"""One folder per district (its slug): the place where a SIS leaves the night's OneRoster bundle."""

OUTBOUND_TRUSTED: frozenset[str] = frozenset()
"""`host:port` of servers inside of the network that may be called all the same, without https: tests name theirs."""
SEALING_KEYS = [key for key in os.environ.get("SEALING_KEYS", "").split(",") if key]
"""Others' secrets are encrypted under the first of these texts; the rest still open what they had encrypted."""

SFTP_HOST = os.environ.get("SFTP_HOST", "")
"""The name under which clients reach the SFTP server; empty: the district's own host."""
SFTP_PORT = int(os.environ.get("SFTP_PORT", "2222"))
SFTP_MAX_BYTES = int(os.environ.get("SFTP_MAX_BYTES", str(2 << 30)))
SFTP_HOST_KEY_FILE = os.environ.get("SFTP_HOST_KEY_FILE", "")
"""The server's private key in OpenSSH's form. Without it `serve_sftp` starts only where it may make one itself."""
SFTP_MAKES_HOST_KEY = False

LEDGER_DIR = Path(os.environ.get("LEDGER_DIR", DATA_DIR / "ledger"))
"""Outside of the database: what the ledger publishes there is what the database is held against."""
SIGNING_RETIRED_KEYS = [key for key in os.environ.get("SIGNING_RETIRED_KEYS", "").split(",") if key]
"""Public halves (base64) of keys that signed before: what they signed stays checked."""

BACKUP_DAYS = int(os.environ.get("BACKUP_DAYS", "35"))
"""After so many days no backup and no write-ahead log is kept any more: certificates state that date."""

CLOCK = "tenants.clock.real_now"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
"""A broker that was away for a moment is no reason to begin a reset anew: the lease says whose the job is."""
CELERY_TASK_DEFAULT_QUEUE = "yearturn"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
JOB_TICK_SECONDS = 60
JOB_LEASE_SECONDS = 30
CELERY_BEAT_SCHEDULE = {"tick": {"task": "tenants.jobs.tasks.tick", "schedule": JOB_TICK_SECONDS}}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

QUIET_HOURS: tuple[int, int] | None = (1, 4)
"""From when to when, in each district's own zone, tables are rewritten after a deletion; None: at once."""

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.access.authentication.ClientAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.access.permissions.HasScopes"],
    "DEFAULT_THROTTLE_CLASSES": ["api.access.throttling.ClientThrottle"],
    "EXCEPTION_HANDLER": "api.common.problems.handle_problem",
}
API_REQUESTS_PER_MINUTE = 1200
"""Of one client, over all hosts."""
API_FAILURES_PER_MINUTE = 30
"""Wrong secrets from one network at one host, after which it waits."""

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

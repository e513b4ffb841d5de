"""The tests: the real PostgreSQL and broker; a clock that a test may set; fast password hashes."""

import os

from config.settings.base import *  # noqa: F403

SECRET_KEY = "tests only"  # noqa: S105
TRANSFER_CODE_SECRET = "codes of the tests only"  # noqa: S105
SEALING_KEYS = ["sealed secrets of the tests only"]
SIGNING_KEY = "NV+ofD0qclbUSgTf58UVgmtlpRePeGCE5QI1nGhjAJ4="  # of nobody: it stands in a public file
STRICT_MATRIX = True
ALLOWED_HOSTS = [".localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CLOCK = "tenants.clock.simulated_now"
JOB_TICK_SECONDS = 1
JOB_LEASE_SECONDS = 3
CELERY_BEAT_SCHEDULE = {"tick": {"task": "tenants.jobs.tasks.tick", "schedule": JOB_TICK_SECONDS}}
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "memory://")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PUBLIC_HOSTS = ["testserver"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
QUIET_HOURS = None
REPORT_COUNTING_MS = 30_000  # a busy machine is no large district
REPORT_PATIENCE_MS = int(os.environ.get("REPORT_PATIENCE_MS", "30000"))

"""The demo: a laptop on a simulated clock, with a dispatcher that ticks each second, in a database of its own."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import BASE_DIR, DATABASES, INSTALLED_APPS, REDIS_URL

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
DATABASES["default"]["NAME"] = "yearturn_demo"
DATA_DIR = BASE_DIR / ".data" / "demo"
MEDIA_ROOT = DATA_DIR / "media"
LEDGER_DIR = DATA_DIR / "ledger"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DROP_ROOT = DATA_DIR / "drop"
CELERY_BROKER_URL = f"{REDIS_URL.rsplit('/', 1)[0]}/7"
CLOCK = "tenants.clock.simulated_now"
JOB_TICK_SECONDS = 1
JOB_LEASE_SECONDS = 6
CELERY_BEAT_SCHEDULE = {"tick": {"task": "tenants.jobs.tasks.tick", "schedule": JOB_TICK_SECONDS}}
QUIET_HOURS = None

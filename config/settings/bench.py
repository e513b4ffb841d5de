"""The benchmarks: a database of their own, made anew by each run, on the tests' simulated clock."""

from config.settings.test import *  # noqa: F403
from config.settings.test import BASE_DIR, DATABASES, TEMPLATES

DATABASES["default"]["NAME"] = "yearturn_bench"
DATABASES["default"]["CONN_MAX_AGE"] = None
DATA_DIR = BASE_DIR / ".data" / "bench"
MEDIA_ROOT = DATA_DIR / "media"
LEDGER_DIR = DATA_DIR / "ledger"
DROP_ROOT = DATA_DIR / "drop"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "benchmarks" / "templates"]
QUIET_HOURS = None
REPORT_PATIENCE_MS = 180
REPORT_COUNTING_MS = 2_000

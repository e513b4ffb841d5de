"""The settings of real workers and beats in tests: quick to notice a death, and with the tests' own kinds of jobs."""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.jobkinds.apps.JobKindsConfig"]
JOB_LEASE_SECONDS = 2
LETTER_CLAIM_SECONDS = 5
if port := os.environ.get("YEARTURN_TEST_SMTP_PORT"):
    EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", int(port)

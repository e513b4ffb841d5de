"""The settings of real workers and beats in tests: quick to notice a death, and with the tests' own kinds of jobs."""

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.support.jobkinds.apps.JobKindsConfig"]
JOB_LEASE_SECONDS = 2

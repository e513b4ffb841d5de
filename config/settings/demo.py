"""The demo: a laptop on a simulated clock, with a dispatcher that ticks each second."""

from config.settings.dev import *  # noqa: F403

DEBUG = False
CLOCK = "tenants.clock.simulated_now"
JOB_TICK_SECONDS = 1
JOB_LEASE_SECONDS = 6
CELERY_BEAT_SCHEDULE = {"tick": {"task": "tenants.jobs.tasks.tick", "schedule": JOB_TICK_SECONDS}}

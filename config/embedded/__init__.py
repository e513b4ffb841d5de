"""PostgreSQL and Valkey from wheels, started unprivileged on free ports of 127.0.0.1, for laptops and tests.

DATABASE_URL and REDIS_URL replace them. See README.md for how a crash at any moment is survived.
"""

from config.embedded.errors import EmbeddedError
from config.embedded.lifecycle import Services, Status, ensure, remove, scratch_services, services, status, stop
from config.embedded.running import leaving_on_signals, run

__all__ = [
    "EmbeddedError",
    "Services",
    "Status",
    "ensure",
    "leaving_on_signals",
    "remove",
    "run",
    "scratch_services",
    "services",
    "status",
    "stop",
]

"""Failed log-ins are counted in the cache and limited. Its keys are keyed hashes: no address is kept or logged."""

from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

FAILURES_ALLOWED: Final = 10
WINDOW_SECONDS: Final = 15 * 60


def is_blocked(host: str, email: str) -> bool:
    """Whether too many log-ins have failed for this address at this host in the last minutes."""
    return int(cache.get(_key(host, email), 0)) >= FAILURES_ALLOWED


def count_failure(host: str, email: str) -> None:
    """One more failed log-in. The window runs from the first one."""
    key = _key(host, email)
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # it expired between the two
        cache.set(key, 1, WINDOW_SECONDS)


def forget_failures(host: str, email: str) -> None:
    """A log-in has succeeded."""
    cache.delete(_key(host, email))


def _key(host: str, email: str) -> str:
    said = f"{host.strip().lower()}\n{email.strip().lower()}"
    return f"failed-log-ins:{salted_hmac('accounts.throttle', said, algorithm='sha256').hexdigest()}"

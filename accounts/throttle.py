"""Log-ins that fail and mails that are asked for are counted in the cache and limited.

The cache's keys are keyed hashes: no address is kept or logged.
"""

from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

FAILURES_ALLOWED: Final = 10
NETWORK_FAILURES_ALLOWED: Final = 200
"""A whole district may sit behind one address: so many fail there only when somebody tries one name after another."""
WINDOW_SECONDS: Final = 15 * 60
MAILS_ALLOWED: Final = 3
MAIL_WINDOW_SECONDS: Final = 60 * 60

LOG_IN: Final = "failed-log-ins"
FROM_NETWORK: Final = "failed-log-ins-from"
EVERYWHERE: Final = "every host"
MAIL: Final = "password-mails"


def is_blocked(host: str, email: str) -> bool:
    """Whether too many log-ins have failed for this address at this host in the last minutes."""
    return int(cache.get(_key(LOG_IN, host, email), 0)) >= FAILURES_ALLOWED


def count_failure(host: str, email: str) -> None:
    """One more failed log-in. The window runs from the first one."""
    count_one_more(_key(LOG_IN, host, email), WINDOW_SECONDS)


def is_network_blocked(network: str) -> bool:
    """Whether too many log-ins have failed from a network, at whatever hosts and for whatever addresses."""
    return bool(network) and has_been_too_often(FROM_NETWORK, EVERYWHERE, network, NETWORK_FAILURES_ALLOWED)


def count_network_failure(network: str) -> None:
    """One more failed log-in from a network; nothing is counted where it is not known."""
    if network:
        is_too_often(FROM_NETWORK, EVERYWHERE, network, NETWORK_FAILURES_ALLOWED, WINDOW_SECONDS)


def forget_failures(host: str, email: str) -> None:
    """A log-in has succeeded, or the password is a new one."""
    cache.delete(_key(LOG_IN, host, email))


def may_mail(host: str, email: str) -> bool:
    """Count one more mail to this address, and whether it may go out: nobody's inbox is filled through us."""
    return count_one_more(_key(MAIL, host, email), MAIL_WINDOW_SECONDS) <= MAILS_ALLOWED


def is_too_often(what: str, host: str, who: str, allowed: int, seconds: int) -> bool:
    """Count one more of something at a host, by somebody, and whether that is more than is allowed in the seconds.

    The window runs from the first one. `who` is hashed, as an address is.
    """
    return count_one_more(_key(what, host, who), seconds) > allowed


def has_been_too_often(what: str, host: str, who: str, allowed: int) -> bool:
    """Whether something was counted at a host, by somebody, as often as is allowed, without counting it once more."""
    return int(cache.get(_key(what, host, who), 0)) >= allowed


def count_one_more(key: str, seconds: int) -> int:
    """Count one more under a key of the cache; how many there are in the seconds that began with the first."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired between the two
        cache.set(key, 1, seconds)
        return 1


def _key(what: str, host: str, email: str) -> str:
    said = f"{host.strip().lower()}\n{email.strip().lower()}"
    return f"{what}:{salted_hmac('accounts.throttle', said, algorithm='sha256').hexdigest()}"

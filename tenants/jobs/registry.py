"""What runs a job of each kind. Upper layers register their handlers when their app is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from tenants.errors import UnknownKindError
from tenants.models import District, Job

Handler = Callable[[District, Job], None]
DEFAULT_ATTEMPTS = 5


@dataclass(frozen=True)
class Kind:
    """A kind of job: its handler, how often it is tried, and whom to tell when it has failed for good.

    The handler runs in the entered district, outside of any transaction, and may run again after it was killed at any
    point: it must be idempotent. So must `on_failed(district, job, error)`, which runs in the entered district too.
    """

    name: str
    handler: Handler
    max_attempts: int = DEFAULT_ATTEMPTS
    on_failed: Callable[[District, Job, str], None] | None = None


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known to the worker. Registering the same name twice keeps the last one."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """The kind of this name.

    Raises:
        UnknownKindError: no app has registered it.
    """
    if name not in _kinds:
        raise UnknownKindError(f"no handler is registered for jobs of kind {name!r}")
    return _kinds[name]


def find_kind(name: str) -> Kind | None:
    """The kind of this name, if an app has registered it."""
    return _kinds.get(name)


def max_attempts_of(name: str) -> int:
    """How often jobs of a kind are tried; also an unknown kind, which a worker with newer code may know."""
    kind = _kinds.get(name)
    return kind.max_attempts if kind else DEFAULT_ATTEMPTS


_planners: list[Callable[[], int]] = []


def register_planner(planner: Callable[[], int]) -> None:
    """Add a function that each tick calls to put due work on the list; it returns how many jobs it added."""
    if planner not in _planners:
        _planners.append(planner)


def planners() -> tuple[Callable[[], int], ...]:
    """The registered planners, in order."""
    return tuple(_planners)

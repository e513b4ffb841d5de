"""Where things lie: the data folder of the checkout, and the servers' own files.

They are the same folder, except for root in a place that the servers' account cannot reach (root's home). Then the
servers' files go to a folder named after the data folder's path, and `location` in the data folder points to it.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded import files
from config.embedded.accounts import Account, can_enter, server_account
from config.embedded.errors import PlaceError

CHECKOUT = Path(__file__).resolve().parent.parent.parent
POINTER = "location"


@dataclass(frozen=True)
class Place:
    """One set of services: its data folder, the servers' own folder, and the servers' account."""

    data: Path
    home: Path
    account: Account | None
    durable: bool = True
    """False for a throw-away set, which need not survive a power cut."""

    @property
    def lock(self) -> Path:
        """Held while the set's servers are started or stopped."""
        return self.data / "services.lock"

    @property
    def state(self) -> Path:
        """The URLs of the services, for people and other programs."""
        return self.data / "services.json"

    @property
    def kept(self) -> Path:
        """Exists when the services were started to stay."""
        return self.data / "keep"


def data_folder() -> Path:
    """The data folder: YEARTURN_DATA, or `.data` in the checkout."""
    return Path(os.environ.get("YEARTURN_DATA") or CHECKOUT / ".data").absolute()


def prepare_data(data: Path) -> None:
    """Make the data folder: for its owner, and to pass through for the servers' account.

    Raises:
        PlaceError: it cannot be written.
    """
    try:
        if not data.exists():
            data.parent.mkdir(parents=True, exist_ok=True)
            data.mkdir(mode=0o700, exist_ok=True)
            if account := server_account(data):
                _open_to(account, data)
    except OSError as error:
        raise PlaceError(f"Cannot make the data folder {data}: {error.strerror}. Set YEARTURN_DATA.") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise PlaceError(f"The data folder {data} belongs to another user. Set YEARTURN_DATA to a folder of yours.")


def _open_to(account: Account, folder: Path) -> None:
    """Let the account pass through a folder of root's, and nobody else; it cannot list it."""
    os.chown(folder, 0, account.gid)
    folder.chmod(0o710)


def locate(data: Path, *, durable: bool = True) -> Place:
    """The place of a data folder that exists; the caller holds its lock."""
    account = server_account(data)
    pointed = files.read_or_none(data / POINTER)
    if account is None or (not pointed and can_enter(account, data)):
        return Place(data, data, account, durable)
    if pointed and _is_ours(Path(pointed)):
        home = Path(pointed)
        return Place(data, home, server_account(home), durable)
    home = _elsewhere(data, account)
    files.write_private(data / POINTER, str(home))
    return Place(data, home, account, durable)


def abandoned(data: Path) -> list[Path]:
    """Folders elsewhere that belong to this data folder's path, though it no longer points to them."""
    pointed = files.read_or_none(data / POINTER)
    return [place for place in _candidates(data) if _is_ours(place) and str(place) != pointed]


def discard(folder: Path) -> None:
    """Delete a folder and all in it."""
    shutil.rmtree(folder, ignore_errors=True)


def _candidates(data: Path) -> list[Path]:
    """Where the servers' files may go when the data folder cannot be reached, best first."""
    name = "yearturn-" + hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
    bases = dict.fromkeys(["/var/lib", "/var/tmp", tempfile.gettempdir()])  # noqa: S108 - owner and mode are checked
    return [Path(base) / name for base in bases]


def _is_ours(place: Path) -> bool:
    """Whether a folder is really one that this user made, and no link to elsewhere."""
    return place.is_dir() and not place.is_symlink() and place.stat().st_uid == os.geteuid()


def _elsewhere(data: Path, account: Account) -> Path:
    """A new folder outside, which the account reaches.

    Raises:
        PlaceError: there is none.
    """
    for place in _candidates(data):
        if place.parent.is_dir() and can_enter(account, place.parent):
            try:
                place.mkdir(mode=0o700)
            except OSError:
                continue
            _open_to(account, place)
            return place
    raise PlaceError("No folder can be reached by an unprivileged user. Set YEARTURN_DATA to one outside root's home.")

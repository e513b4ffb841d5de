"""One pull: the provider's roster, or what has changed in it, through the same import as every bundle."""

import datetime as dt
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.conf import settings

from rostering.errors import RosterError
from rostering.intake.school_year import chosen_year, stored_sessions
from rostering.models import RosterProvider, Sync, SyncState
from rostering.provider.client import CALL_SECONDS, LARGEST_ANSWER, ProviderClient
from rostering.provider.errors import NoFilterError, ProviderError
from rostering.provider.fetching import WORN_OUT, Reading, fetch_bundle
from rostering.selectors import APPLIED
from rostering.services.importing import import_bundle
from rostering.services.noting import note_sync
from tenants import clock
from tenants.models import District
from tenants.outbound import Outbound
from tenants.sealing import SealBrokenError, open_secret

SOURCE: Final = "pull"
OVERLAP: Final = dt.timedelta(minutes=10)
"""Changes are asked for from so long before the last reading on: what was just being written may have an older time."""
GONE_MEANWHILE: Final = "The provider's settings were changed, or another pull came first. Nothing was changed."


class OvertakenError(RosterError):
    """Another pull, or other settings, came between a pull's reading and its import."""


def pull_roster(
    district: District,
    key: str,
    *,
    actor: str,
    as_of: dt.date,
    whole: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Sync:
    """Pull the entered district's roster from its provider. What fails has a record that says why, and changes nothing.

    Args:
        key: names the pull; when its worker has died, the next one of the same name goes on with it.
        whole: read everything, also when changes would do.
        sleep: how pauses between tries are kept.

    Returns:
        The finished sync: like any bundle's, or failed with the reason.

    Raises:
        Exception: what went wrong in the import itself; the sync says so too.
    """
    folder = pull_folder(district, key)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_worn_out(folder)
    provider = RosterProvider.objects.first()
    try:
        if provider is None:
            raise ProviderError("No OneRoster provider is set. Nothing was pulled.")
        since = None if whole else changes_since(provider, district, as_of)
        reading, bundle = _read(provider, folder, since, as_of, sleep)
        sync = import_bundle(bundle, source=SOURCE, actor=actor, as_of=as_of, check=lambda: _check_newest(provider))
    except (ProviderError, SealBrokenError) as error:
        sync = _record_failure(str(error), actor, as_of)
    except OvertakenError:
        sync = Sync.objects.filter(source=SOURCE, state=SyncState.FAILED).latest("started_at")
    else:
        _settle(provider, reading, sync)
    shutil.rmtree(folder, ignore_errors=True)
    return sync


def changes_since(provider: RosterProvider, district: District, as_of: dt.date) -> dt.datetime | None:
    """From when on changes are asked for; None where everything must be read: at first, and in a new school year."""
    if provider.full_wanted or provider.read_to is None:
        return None
    if provider.full_year != chosen_year(stored_sessions(), district, as_of):
        return None
    return provider.read_to - OVERLAP


def pull_folder(district: District, key: str) -> Path:
    """Where a pull keeps what it has read, until it is imported."""
    return Path(settings.MEDIA_ROOT) / str(district.schema_name) / "pulls" / key


def _remove_worn_out(folder: Path) -> None:
    """What pulls have left that nobody goes on with: it is somebody's data."""
    for other in folder.parent.iterdir():
        if other != folder and time.time() - other.stat().st_mtime > WORN_OUT.total_seconds():
            shutil.rmtree(other, ignore_errors=True)


def _read(
    provider: RosterProvider,
    folder: Path,
    since: dt.datetime | None,
    as_of: dt.date,
    sleep: Callable[[float], None],
) -> tuple[Reading, Path]:
    with Outbound(seconds=CALL_SECONDS, max_bytes=LARGEST_ANSWER) as calls:
        client = ProviderClient(provider, open_secret(provider.sealed_secret), calls, sleep)
        if since is not None:
            try:
                bundle = folder / f"provider-changes-{as_of}"
                return fetch_bundle(client, folder, bundle, since=since), bundle
            except NoFilterError:
                shutil.rmtree(folder)
                folder.mkdir(mode=0o700)
        bundle = folder / f"provider-whole-{as_of}"
        return fetch_bundle(client, folder, bundle, since=None), bundle


def _check_newest(provider: RosterProvider) -> None:
    """Under the district's lock: an older reading must not be imported after a newer one."""
    same = RosterProvider.objects.filter(pk=provider.pk, set_at=provider.set_at, read_to=provider.read_to)
    if not same.exists():
        raise OvertakenError(GONE_MEANWHILE)


def _settle(provider: RosterProvider, reading: Reading, sync: Sync) -> None:
    """Remember up to when changes are here. A refused pull is asked for again from where the last one ended.

    A crash before this line costs nothing: the next pull reads the same changes once more.
    """
    if sync.state not in APPLIED:
        return
    said: dict[str, object] = {"read_to": dt.datetime.fromisoformat(reading.begun)}
    if reading.is_whole:
        said |= {"full_wanted": False, "full_year": sync.school_year}
    RosterProvider.objects.filter(pk=provider.pk, set_at=provider.set_at, read_to=provider.read_to).update(**said)
    if reading.missing:
        sync.note = f"{sync.note} The provider did not offer {' and '.join(reading.missing)}.".strip()
        sync.save(update_fields=["note"])


def _record_failure(reason: str, actor: str, as_of: dt.date) -> Sync:
    now = clock.now()
    sync = Sync.objects.create(
        source=SOURCE,
        file_name="",
        state=SyncState.FAILED,
        as_of=as_of,
        actor=actor,
        started_at=now,
        finished_at=now,
        note=f"{reason} Nothing was changed."[:500],
    )
    note_sync(sync)
    return sync

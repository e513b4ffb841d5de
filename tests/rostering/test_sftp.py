"""Bundles by SFTP: a real server and a real client; keys, folders, half-written files, limits."""

import asyncio
import datetime as dt
import io
import os
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from ledger.models import LedgerEntry
from rostering.management.commands.serve_sftp import host_key
from rostering.models import SftpKey
from rostering.services.nightly import newest_bundle
from rostering.sftp import server
from rostering.sftp.accounts import SftpKeyError, add_key, parsed_key, remove_key
from rostering.sftp.files import KEPT
from rostering.sftp.folders import HIDDEN, host_fingerprints, is_bundle_name, is_unfinished_name, last_delivery
from rostering.sftp.server import FAILURE_SECONDS, FAILURES, MOST_FROM_ONE, Door
from tenants import clock
from tenants.models import District
from tenants.schema import enter_district

HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
KEY, STRANGER = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
Session = Callable[[asyncssh.SFTPClient], Awaitable[Any]]
Reached = Callable[[asyncssh.SSHClientConnection], Awaitable[Any]]


def public(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode().strip()


def zipped(size: int = 100) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("manifest.csv", os.urandom(size))
    return out.getvalue()


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.DROP_ROOT = tmp_path / "drop"
    return Path(settings.DROP_ROOT)


@pytest.fixture
def folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Maple's folder, whose account KEY opens, without a database."""
    monkeypatch.setattr(server, "is_allowed", lambda account, key: (account, public(key)) == ("maple", public(KEY)))
    monkeypatch.setattr(server, "note_use", lambda *_: None)
    return root / "maple"


def connected(work: Session, *, account: str = "maple", key: asyncssh.SSHKey = KEY, door: Door | None = None) -> Any:
    """Do some work in a session of a server that serves only for it."""

    async def inside(connection: asyncssh.SSHClientConnection) -> Any:
        async with connection.start_sftp_client() as sftp:
            return await work(sftp)

    return reached(inside, account=account, key=key, door=door)


def reached(work: Reached, *, account: str = "maple", key: asyncssh.SSHKey = KEY, door: Door | None = None) -> Any:
    """The same, with the connection itself."""

    async def run() -> Any:
        acceptor = await server.serve("127.0.0.1", 0, HOST_KEY, door)
        try:
            async with asyncssh.connect(**_options(acceptor.get_port(), account, key)) as connection:
                return await work(connection)
        finally:
            acceptor.close()
            await acceptor.wait_closed()

    return asyncio.run(asyncio.wait_for(run(), 60))


def _options(port: int, account: str, key: asyncssh.SSHKey) -> dict[str, Any]:
    known = asyncssh.import_known_hosts(f"[127.0.0.1]:{port} {public(HOST_KEY)}\n")
    alone = {"agent_path": None, "config": None}
    return {"host": "127.0.0.1", "port": port, "username": account, "client_keys": [key], "known_hosts": known, **alone}


async def put(sftp: asyncssh.SFTPClient, name: str, data: bytes) -> None:
    async with sftp.open(name, "wb") as file:
        await file.write(data)


def test_a_bundle_arrives_and_is_the_nights_newest(folder: Path, tmp_path: Path) -> None:
    data = zipped(200_000)
    (tmp_path / "roster.zip").write_bytes(data)

    async def work(sftp: asyncssh.SFTPClient) -> list[str]:
        await sftp.put(str(tmp_path / "roster.zip"), "roster.zip", preserve=True)
        assert (await sftp.stat("roster.zip")).size == len(data)
        return sorted(str(name) for name in await sftp.listdir("."))

    assert connected(work) == ["roster.zip"]
    assert (folder / "roster.zip").read_bytes() == data
    assert last_delivery(District(slug="maple"))[0] == "roster.zip"  # type: ignore[index]
    assert host_fingerprints() == [HOST_KEY.get_fingerprint()]
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)
    assert newest_bundle(folder, real_now=later) == folder / "roster.zip"


def test_a_half_written_file_is_nobodys(folder: Path) -> None:
    data = zipped(50_000)

    async def cut_off(connection: asyncssh.SSHClientConnection) -> None:
        sftp = await connection.start_sftp_client()
        file = await sftp.open("roster.zip", "wb")
        await file.write(data[:30_000])
        assert [str(name) for name in await sftp.listdir(".")] == []
        assert [path.name[: len(HIDDEN)] for path in folder.iterdir()] == [HIDDEN]
        connection.abort()  # the network is gone
        for _ in range(500):
            await asyncio.sleep(0.01)
            if not any(folder.iterdir()):
                break

    reached(cut_off)
    assert list(folder.iterdir()) == []
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)
    assert newest_bundle(folder, real_now=later) is None


@pytest.mark.parametrize("data", [b"", b"PK", zipped()[:-5], b"sourcedId,status\n"])
def test_what_is_no_whole_zip_is_refused_when_it_is_closed(data: bytes, folder: Path) -> None:
    async def work(sftp: asyncssh.SFTPClient) -> None:
        with pytest.raises(asyncssh.SFTPFailure, match="not a whole zip"):
            await put(sftp, "roster.zip", data)

    connected(work)
    assert list(folder.iterdir()) == []


def test_a_zip_with_a_hole_in_it_is_refused(folder: Path) -> None:
    data = zipped(50_000)

    async def work(sftp: asyncssh.SFTPClient) -> None:
        file = await sftp.open("roster.zip", "wb")
        await file.write(data[:10_000], 0)
        await file.write(data[20_000:], 20_000)
        with pytest.raises(asyncssh.SFTPFailure, match="not a whole zip"):
            await file.close()

    connected(work)
    assert list(folder.iterdir()) == []


def test_clients_that_rename_at_the_end(folder: Path) -> None:
    data = zipped()

    async def work(sftp: asyncssh.SFTPClient) -> None:
        await put(sftp, "roster.zip.part", data[:-5])
        with pytest.raises(asyncssh.SFTPFailure, match="not a whole zip"):
            await sftp.rename("roster.zip.part", "roster.zip")
        await put(sftp, "roster.zip.part", data)
        await sftp.rename("roster.zip.part", "roster.zip")
        await put(sftp, "again.zip.filepart", data)
        with pytest.raises(asyncssh.SFTPFailure, match="of this name"):
            await sftp.rename("again.zip.filepart", "roster.zip")
        await sftp.posix_rename("again.zip.filepart", "roster.zip")
        await put(sftp, "away.tmp", b"x")
        await sftp.remove("away.tmp")

    connected(work)
    assert [path.name for path in folder.iterdir()] == ["roster.zip"]


def test_nothing_leads_out_of_the_folder_and_nothing_is_read(folder: Path, root: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    (root / "cedar").mkdir()
    (root / "cedar" / "theirs.zip").write_bytes(zipped())
    (folder / "ours.zip").write_bytes(zipped())
    (folder / "link.zip").symlink_to(root / "cedar" / "theirs.zip")
    before = {path: path.read_bytes() for path in root.rglob("*.zip")}

    async def work(sftp: asyncssh.SFTPClient) -> None:
        for name in (
            "../cedar/new.zip",
            "/cedar/new.zip",
            "a/b.zip",
            "x.csv",
            ".zip",
            "a\0.zip",
            "link.zip",
        ):
            with pytest.raises(asyncssh.SFTPError):
                await put(sftp, name, zipped())
        await put(sftp, "../../up.zip", zipped())  # above the folder there is nothing: it is the folder again
        for path in ("ours.zip", "../cedar/theirs.zip", "/etc/passwd"):
            with pytest.raises(asyncssh.SFTPError):
                await sftp.open(path, "rb")
        for path in ("../cedar", "/etc", ".."):
            assert path == ".." or not await sftp.isdir(path)
        assert await sftp.realpath("../..") == "/"
        denied: list[Awaitable[Any]] = [
            sftp.mkdir("new"), sftp.rmdir("."), sftp.symlink("/etc/passwd", "x.zip"), sftp.link("ours.zip", "y.zip"),
            sftp.readlink("link.zip"), sftp.remove("ours.zip"), sftp.rename("ours.zip", "other.zip"),
            sftp.open("ours.zip", "r+b"), sftp.open("ours.zip", "ab"), sftp.statvfs("."),
        ]  # fmt: skip
        for deed in denied:
            with pytest.raises(asyncssh.SFTPError):
                await deed

    connected(work)
    assert (folder / "up.zip").is_file()
    (folder / "up.zip").unlink()
    assert {path: path.read_bytes() for path in root.rglob("*.zip")} == before


def test_limits_of_size_and_number(folder: Path, settings: Any) -> None:
    settings.SFTP_MAX_BYTES = 1 << 20

    async def work(sftp: asyncssh.SFTPClient) -> None:
        with pytest.raises(asyncssh.SFTPFailure):
            await put(sftp, "large.zip", zipped(2 << 20))
        for number in range(KEPT + 3):
            await put(sftp, f"night-{number:02}.zip", zipped())
            os.utime(folder / f"night-{number:02}.zip", (1_000_000 + number, 1_000_000 + number))
        files = [await sftp.open(f"{number}.part", "wb") for number in range(4)]
        with pytest.raises(asyncssh.SFTPFailure, match="at once"):
            await sftp.open("fifth.part", "wb")
        for file in files:
            await file.close()

    connected(work)
    names = sorted(path.name for path in folder.glob("*.zip"))
    assert names == [f"night-{number:02}.zip" for number in range(3, KEPT + 3)]


def test_there_is_no_shell_and_no_way_through(folder: Path) -> None:
    async def try_others(connection: asyncssh.SSHClientConnection) -> None:
        for command in ("ls", None):
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.run(command)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", 5432)

    reached(try_others)


def test_who_fails_too_often_or_comes_too_often_is_not_let_in(folder: Path) -> None:
    time = [0.0]
    door = Door(lambda: time[0])
    for _ in range(FAILURES):
        door.enters("127.0.0.1")
        door.leaves("127.0.0.1", failed=True)
    assert not door.admits("127.0.0.1")
    assert door.admits("127.0.0.2")

    async def nothing(sftp: asyncssh.SFTPClient) -> None:
        assert await sftp.listdir(".") == []

    with pytest.raises((asyncssh.Error, OSError)):
        connected(nothing, door=door)
    time[0] = FAILURE_SECONDS
    connected(nothing, door=door)
    for _ in range(MOST_FROM_ONE + 1):
        door.enters("127.0.0.3")
    assert not door.admits("127.0.0.3")


def test_keys_open_their_own_district_only(committed_districts: Callable[..., Any], root: Path) -> None:
    maple, cedar = committed_districts("oak"), committed_districts("elm")
    with enter_district(maple):
        kept = add_key(maple, f"{public(KEY)} dana@district.example", actor="district_admin:1", at=clock.now())
        assert "dana" not in kept.public_key
        assert add_key(maple, public(KEY), actor="district_admin:1", at=clock.now()) == kept

    async def leave(sftp: asyncssh.SFTPClient) -> None:
        await put(sftp, "roster.zip", zipped())

    connected(leave, account="oak")
    assert (root / "oak" / "roster.zip").is_file()
    with enter_district(maple):
        assert SftpKey.objects.get().last_used_at is not None
    for account, key in (("elm", KEY), ("oak", STRANGER), ("nobody", KEY), ("../oak", KEY), ("", KEY)):
        with pytest.raises(asyncssh.PermissionDenied):
            connected(leave, account=account, key=key)
    assert not (root / "elm").exists()
    with enter_district(maple):
        remove_key(maple, kept.pk, actor="district_admin:1", at=clock.now())
    with pytest.raises(asyncssh.PermissionDenied):
        connected(leave, account="oak")
    kinds = LedgerEntry.objects.filter(district_id=maple.pk, kind__startswith="sftp").order_by("number")
    assert list(kinds.values_list("kind", flat=True)) == ["sftp_key_added", "sftp_key_removed"]
    assert cedar.slug == "elm"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no SSH public key"),
        ("age1qqqqq", "no SSH public key"),
        ("ssh-dss AAAA", "no SSH public key"),
        ("ssh-ed25519 AAAAC3Nz", "not complete"),
        (KEY.export_private_key().decode(), "private key"),
        (public(asyncssh.generate_private_key("ssh-rsa", key_size=1024)), "too short"),
    ],
)
def test_what_is_no_key_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(SftpKeyError, match=said):
        parsed_key(text)


@given(st.text(max_size=40))
def test_names_are_plain(name: str) -> None:
    if is_bundle_name(name) or is_unfinished_name(name):
        assert Path(name).name == name
        assert not name.startswith(".")
        assert "\0" not in name


def test_the_host_key_is_given_or_made_once_where_that_is_allowed(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.SFTP_HOST_KEY_FILE = tmp_path / "data", ""
    settings.SFTP_MAKES_HOST_KEY = False
    with pytest.raises(CommandError, match="ssh-keygen"):
        host_key()
    settings.SFTP_MAKES_HOST_KEY = True
    made = host_key().get_fingerprint()
    assert host_key().get_fingerprint() == made
    assert (tmp_path / "data" / "sftp_host_key").stat().st_mode & 0o077 == 0
    settings.SFTP_HOST_KEY_FILE = str(tmp_path / "nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        host_key()

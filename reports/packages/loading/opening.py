"""Opening a file that may come from anywhere: decrypted, and looked through before anything in it is believed.

Nothing is unpacked by name: members are read through the archive's directory, which must name plain files only.
"""

import re
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

import pyrage

from reports.packages.loading.errors import LoadRefusedError
from tenants.zips import SUMS

AGE: Final = b"age-encryption.org/v1"
MOST_MEMBERS: Final = 200_000
MOST_BYTES: Final = 1 << 40
"""A terabyte unpacked: ten times the largest district."""
MOST_PACKED: Final = 300
"""Times that text packs to less; what claims more is a bomb."""
SMALL: Final = 1 << 20
NAME: Final = re.compile(r"[^\x00-\x1f\\:]{1,400}")
FOLDERS: Final = frozenset({"data", "csv", "files", "reports"})
LOOSE: Final = frozenset({
    "README.txt", "manifest.json", "data_dictionary.csv", "certificate-draft.json", "certificate-draft.pdf", SUMS,
})  # fmt: skip


@contextmanager
def opened(path: Path, identity: Path | None) -> Iterator[Path]:
    """A package's zip, decrypted to a file of its own where it is encrypted; that one goes with the block.

    Args:
        identity: a file with age's secret keys, or an SSH private key.

    Raises:
        LoadRefusedError: there is no such file, it is encrypted and no key opens it, or it is no zip.
    """
    if not path.is_file():
        raise LoadRefusedError([f"There is no file {path.name}."])
    with path.open("rb") as file:
        is_sealed = file.read(len(AGE)) == AGE
    if not is_sealed:
        _check_zip(path)
        yield path
        return
    if identity is None:
        raise LoadRefusedError(["The package is encrypted: give the file with your key (--identity)."])
    with tempfile.TemporaryDirectory(prefix="yearturn-package-") as folder:
        plain = Path(folder) / "package.zip"
        _decrypt(path, plain, identity)
        _check_zip(plain)
        yield plain


def _check_zip(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        raise LoadRefusedError(["This is no year package: it is not a zip file."])


def _decrypt(path: Path, plain: Path, identity: Path) -> None:
    try:
        with path.open("rb") as sealed, plain.open("wb") as out:
            pyrage.decrypt_io(sealed, out, read_identities(identity.read_text()))
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
        raise LoadRefusedError(["The key does not open this package, or the package is damaged."]) from None
    except OSError as error:
        raise LoadRefusedError([f"The key's file cannot be read: {error.strerror}."]) from None


def read_identities(text: str) -> list[object]:
    """The secret keys of a file: age's, one a line, or one SSH private key.

    Raises:
        pyrage.IdentityError: one of them is no key.
    """
    if "PRIVATE KEY" in text:
        return [pyrage.ssh.Identity.from_buffer(text.encode())]
    lines = [line.strip() for line in text.splitlines()]
    return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]


def member_problems(archive: zipfile.ZipFile) -> list[str]:
    """What is wrong with the names, kinds and sizes of a zip's members, before any is read."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        return [f"It has {len(members):,} files; a package has at most {MOST_MEMBERS:,}."]
    if (size := sum(member.file_size for member in members)) > MOST_BYTES:
        return [f"It is {size:,} bytes unpacked; at most {MOST_BYTES:,} are read."]
    names = [member.filename for member in members]
    problems = [f"{name!r} is in it twice." for name in sorted({name for name in names if names.count(name) > 1})]
    for member in members:
        if problem := _problem_of(member):
            problems.append(f"{member.filename!r} {problem}")
    return problems


def _problem_of(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    path = PurePosixPath(member.filename)
    parts = member.filename.split("/")
    if member.flag_bits & 0x1:
        return "is encrypted inside of the zip."
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return "is no plain file."
    if not NAME.fullmatch(member.filename) or path.is_absolute() or not all(parts) or {".", ".."} & set(parts):
        return "is no name of a file in a package."
    if not (member.filename in LOOSE or (len(parts) > 1 and parts[0] in FOLDERS)):
        return "does not belong into a package."
    if member.file_size > SMALL and member.file_size > MOST_PACKED * max(member.compress_size, 1):
        return "unpacks to more than any table does."
    return ""

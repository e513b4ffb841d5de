"""Zip archives written as a stream: members part by part, each with its checksum, nothing held in memory."""

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PART: Final = 1 << 20
SUMS: Final = "SHA256SUMS"
LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
LOCAL_MAGIC: Final = b"PK\x03\x04"
ENCRYPTED: Final = 0x1


@dataclass(frozen=True)
class Member:
    """A file that was written to an archive."""

    name: str
    size: int
    sha256: str


class ZipWriter:
    """Writes members of an archive, and keeps their checksums.

    Args:
        moment: year, month, day, hour, minute, second that every member bears; 1980 while none is given.
    """

    def __init__(self, archive: zipfile.ZipFile, moment: tuple[int, int, int, int, int, int] | None = None) -> None:
        self.archive = archive
        self.moment = moment or (1980, 1, 1, 0, 0, 0)
        self.members: list[Member] = []

    def add(self, name: str, parts: Iterable[bytes], *, packed: bool = False) -> Member:
        """Write a member from its parts, one at a time.

        Args:
            packed: it is compressed already, and stored as it is.
        """
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, self.moment)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.archive.open(info, "w", force_zip64=True) as member:
            for part in parts:
                digest.update(part)
                size += len(part)
                member.write(part)
        written = Member(name, size, digest.hexdigest())
        self.members.append(written)
        return written

    def add_file(self, name: str, path: Path, *, packed: bool = False) -> Member:
        """Write a member from a file."""
        return self.add(name, file_parts(path), packed=packed)

    def add_sums(self) -> None:
        """Write the checksums of all members so far, as `sha256sum -c` reads them."""
        self.add(SUMS, ["".join(f"{each.sha256}  {each.name}\n" for each in self.members).encode()])


def file_parts(path: Path) -> Iterator[bytes]:
    """A file, a part at a time."""
    with path.open("rb") as opened:
        while part := opened.read(PART):
            yield part


def digest_of(path: Path) -> str:
    """A file's SHA-256."""
    digest = hashlib.sha256()
    for part in file_parts(path):
        digest.update(part)
    return digest.hexdigest()


class StoredMember(io.RawIOBase):
    """A member that is stored as it is, as a file in which reading may begin anywhere: nothing is read twice.

    Raises:
        zipfile.BadZipFile: it is compressed, or not where the archive's directory says.
    """

    def __init__(self, path: Path, info: zipfile.ZipInfo) -> None:
        super().__init__()
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & ENCRYPTED:
            raise zipfile.BadZipFile(f"{info.filename} is not stored as it is")
        self._file = path.open("rb")
        self._file.seek(info.header_offset)
        head = self._file.read(LOCAL_HEADER.size)
        if len(head) < LOCAL_HEADER.size or not head.startswith(LOCAL_MAGIC):
            raise zipfile.BadZipFile(f"{info.filename} is not where it should be")
        name, extra = LOCAL_HEADER.unpack(head)[-2:]
        self._begin = info.header_offset + LOCAL_HEADER.size + name + extra
        self._size = info.file_size
        self._at = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where reading goes on."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, as files do."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, as far as the member goes."""
        self._file.seek(self._begin + self._at)
        part = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Close the file beneath."""
        if not self.closed:
            self._file.close()
        super().close()

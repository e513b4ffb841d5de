"""A guard in front of COPY. PostgreSQL reads quotation marks more generously than RFC 4180, which this holds to.

The bytes pass through unchanged. A block without a quotation mark costs one search; others are matched by one
regular expression without backtracking.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from rostering.errors import SuspectStructureError
from rostering.oneroster.bundle import BLOCK
from rostering.oneroster.header import BOM

WELL_QUOTED = re.compile(rb'[^"]*+(?:(?<![^,\r\n])(?P<last>"(?:[^"]++|"")*+")(?=[,\r\n]|\Z)[^"]*+)*+')
END_MARK = re.compile(rb"^\\\.\r?$", re.MULTILINE)
"""Before PostgreSQL 18, COPY took this line for the end of the data."""
LONGEST_VALUE = 1 << 20


def guarded_blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's blocks, unchanged but for a byte-order mark at its beginning.

    Raises:
        SuspectStructureError: a quotation mark stands where RFC 4180 does not allow one, a line reads like the end of
            the data, or the file has no rows that COPY could read.
    """
    waiting = b""
    block = stream.read(BLOCK).removeprefix(BOM)
    while block:
        following = stream.read(BLOCK)
        if waiting or b'"' in block:
            waiting = _check(waiting + block, last=not following)
        if b"\\." in block and END_MARK.search(block):
            raise SuspectStructureError("a line reads like the end of the data")
        yield block
        block = following


def _check(text: bytes, *, last: bool) -> bytes:
    """Check what is complete, and return the rest, which the next block continues.

    The rest begins one byte before a value that is not closed yet, or may not be: a quotation mark at the very end may
    be the first of two. That byte tells whether the value began where one may.
    """
    match = WELL_QUOTED.match(text)
    end = match.end() if match else 0
    if end == len(text):
        begins = match.start("last") if match and text[-1:] == b'"' else end
        return b"" if last else text[max(begins - 1, 0) :]
    if last or len(text) - end > LONGEST_VALUE or not _may_continue(text, end):
        raise SuspectStructureError("a quotation mark stands where CSV does not allow one")
    return text[max(end - 1, 0) :]


def _may_continue(text: bytes, end: int) -> bool:
    """Whether the quotation mark at `end` opens a value that the next block may close."""
    return end == 0 or text[end - 1 : end] in (b",", b"\r", b"\n")

"""Handing out a file that can be resumed: single ranges, as RFC 9110 says them, from the disk a part at a time."""

import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

PART: Final = 1 << 18
RANGE: Final = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)
LONGEST: Final = 20
"""Digits of a place in a file; more are no place in any."""
ANY: Final = "application/octet-stream"

Sent = Callable[[int, int], None]


def ranged_file(
    request: HttpRequest,
    path: Path,
    filename: str,
    etag: str,
    *,
    sent: Sent | None = None,
) -> HttpResponseBase:
    """A file, or the range of it that is asked for; HEAD gets the same headers without the bytes.

    Args:
        filename: what the browser keeps it as; its end says what it is.
        etag: names the file's bytes for good, such as their SHA-256: a resumed download of other bytes begins anew.
        sent: is told at the end which bytes were handed to the network: the first, and the one after the last.

    Returns:
        200 with the whole, 206 with a range, or 416 for a range that the file does not have. Several ranges in one
        request get the whole, as the standard allows.

    Raises:
        OSError: the file is not there.
    """
    size = path.stat().st_size
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{etag}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    found = _asked_range(request, size, etag)
    if found is not None and found[0] >= found[1]:
        headers["Content-Range"] = f"bytes */{size}"
        return HttpResponse(status=416, headers=headers, content_type="text/plain")
    first, end = found or (0, size)
    status = 200 if found is None else 206
    headers |= _headers_of_part(filename, size, found)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_parts(path, first, end, sent), status=status, headers=headers)


def _headers_of_part(filename: str, size: int, found: tuple[int, int] | None) -> dict[str, str]:
    """What is told of the bytes that are handed out: all, or those of a range that was found."""
    first, end = found or (0, size)
    headers = {
        "Content-Type": mimetypes.guess_type(filename)[0] or ANY,
        "Content-Length": str(end - first),
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
    }
    return headers if found is None else headers | {"Content-Range": f"bytes {first}-{end - 1}/{size}"}


def _asked_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """The bytes that are asked for: the first, and the one after the last. None for the whole.

    Of a range that cannot be had the two are equal. A header that is no single range of bytes is not heard, nor is one
    that speaks of another file (If-Range: only the very same tag counts, and a date never does, for none is told).
    """
    said = request.headers.get("Range", "")
    if request.method not in ("GET", "HEAD") or not (match := RANGE.fullmatch(said)):
        return None
    if "If-Range" in request.headers and request.headers["If-Range"].strip() != f'"{etag}"':
        return None
    first, last = match.groups()
    if max(len(first), len(last)) > LONGEST or not (first or last):
        return None
    if not first:  # the last so many bytes
        begin = max(0, size - int(last))
        return (begin, size) if int(last) else (0, 0)
    if last and int(last) < int(first):
        return None
    end = min(int(last) + 1, size) if last else size
    return (int(first), end) if int(first) < size else (0, 0)


def _parts(path: Path, first: int, end: int, sent: Sent | None) -> Iterator[bytes]:
    """The bytes; a part counts as handed over when the server asks for what follows it."""
    at = first
    try:
        with path.open("rb") as file:
            file.seek(first)
            while at < end and (part := file.read(min(PART, end - at))):
                yield part
                at += len(part)
    finally:
        if sent is not None and at > first:
            sent(first, at)

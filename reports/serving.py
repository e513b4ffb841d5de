"""Handing out a file that lies on the disk."""

from pathlib import Path

from django.http import FileResponse, HttpRequest


def ranged_file(request: HttpRequest, path: Path, filename: str) -> FileResponse:
    """Answer with a file as a download."""
    return FileResponse(path.open("rb"), as_attachment=True, filename=filename)

"""Where the other pages of a list are: the `Link` header, first to last."""

from collections.abc import Mapping
from urllib.parse import urlencode

from api.oneroster.language.asking import Asked


def links(address: str, query: Mapping[str, str], asked: Asked, total: int) -> str:
    """The header's value.

    Args:
        address: the list's own, without a query.
        query: what was asked, which the links repeat.
        total: how many records there are over all pages.
    """
    size = asked.limit
    last = (total - 1) // size * size if total else 0
    places = {"first": 0, "last": last}
    if asked.offset + size < total:
        places["next"] = asked.offset + size
    if asked.offset > 0:
        places["prev"] = max(0, min(asked.offset - size, last))
    return ", ".join(
        f'<{address}?{urlencode({**query, "limit": size, "offset": offset})}>; rel="{name}"'
        for name, offset in places.items()
    )

"""The word that somebody searches people by: a name is personal, so it never stands in an address.

Addresses are kept in histories, logs and bookmarks. So the word is posted, kept in the session under the list's name,
and the page that follows shows it. Filters are no names, and stay in the address.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

LONGEST = 80
SHORTEST = 2


def searched(request: HttpRequest, place: str) -> str:
    """The word that a list is searched by now; empty without one."""
    return str(request.session.get(f"search_{place}", ""))


def keep_search(request: HttpRequest, place: str) -> HttpResponse:
    """Keep what the search form of a list posted, and lead back to its first page, with its filters."""
    term = " ".join(request.POST.get("term", "").split())[:LONGEST]
    if "clear" in request.POST or len(term) < SHORTEST:
        request.session.pop(f"search_{place}", None)
    else:
        request.session[f"search_{place}"] = term
    asked = request.GET.copy()
    asked.pop("after", None)
    query = asked.urlencode()
    return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)


def patterns(term: str) -> list[str]:
    """Each part of a search for a LIKE: anywhere in a name; where it is too short for that, at its beginning.

    >>> patterns("Smi%, Jo")
    ['%Smi\\\\%%', 'Jo%']
    """
    parts = [part for part in term.replace(",", " ").split() if part]
    escaped = [part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for part in parts]
    return [f"%{text}%" if len(part) > SHORTEST else f"{text}%" for part, text in zip(parts, escaped, strict=True)]


def query_without(request: HttpRequest, *names: str) -> str:
    """The filters of the address, to be put into a link, without some of them."""
    asked = request.GET.copy()
    for name in names:
        asked.pop(name, None)
    return asked.urlencode()

"""What the review pages are asked for: whose import, which filters, which search. A wrong value counts as none."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.asked import choice, whole
from accounts.pages import own_school, person
from accounts.searching import LONGEST, SHORTEST, searched
from tenants.templatetags.words import GRADES
from transfers.imports.models import Import, IncomingStudent
from transfers.review.finding import Search
from transfers.review.listing import imports_in
from transfers.review.students import STATUSES, Filters

NEXT = "transfers_review_next"
SEARCH = "transfers_record_search"


def own_import(request: HttpRequest, key: UUID) -> Import:
    """An import that the asker may see; a school admin's are those into the own school.

    Raises:
        Http404: there is none such.
    """
    return get_object_or_404(imports_in(own_school(person(request))), pk=key)


def place_of(transfer: Import) -> str:
    """Under which name the word is kept by which an import's students are searched."""
    return f"transfer_{transfer.pk}"


def asked_filters(request: HttpRequest, transfer: Import) -> Filters:
    """The filters of the list."""
    return Filters(
        term=searched(request, place_of(transfer)),
        grade=choice(request, "grade", ("", *GRADES)),
        status=choice(request, "status", ("", *STATUSES)),
    )


def asked_search(request: HttpRequest, incoming: IncomingStudent) -> Search:
    """What is looked for among the records of this site, for this student: the word is kept out of the address."""
    key, term = request.session.get(SEARCH) or (0, "")
    return Search(
        term=str(term) if key == incoming.pk else "",
        grade=choice(request, "in_grade", ("", *GRADES)),
        school=whole(request, "in_school"),
    )


def keep_record_search(request: HttpRequest, incoming: IncomingStudent) -> str:
    """Keep what the search for a record posted; returns the address that shows what is found."""
    term = " ".join(request.POST.get("term", "").split())[:LONGEST]
    request.session.pop(SEARCH, None)
    asked = request.GET.copy()
    for name in ("compare", "in_grade", "in_school"):
        asked.pop(name, None)
        if name in request.POST and request.POST[name] and "clear" not in request.POST:
            asked[name] = request.POST[name]
    if "clear" not in request.POST and len(term) >= SHORTEST:
        request.session[SEARCH] = [incoming.pk, term]
    return f"{request.path}?{asked.urlencode()}#find"

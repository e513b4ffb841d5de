"""What the page of Giving is asked for. Names are posted and kept in the session, and never in an address."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from accounts.asked import choice, whole
from accounts.pages import whole_number
from accounts.searching import LONGEST, searched
from tenants.templatetags.words import GRADES
from transfers.codes.models import Kind
from transfers.giving.lookups import Option, chosen_option, classes_named, teachers_named
from transfers.giving.students import BY, Search

PLACE: Final = "transfers_give"
WORD: Final = "transfers_give_word"
TYPED: Final = ("teacher", "class")
"""The lists that are too long for a drop-down list: their item is found by typing a part of its name."""


@dataclass(frozen=True)
class Asked:
    """What of the page is asked for: whom the code is for, and the search.

    Attributes:
        word: what was typed to find the teacher or class.
        options: the teachers or classes that fit it, while none is chosen.
        chosen: the teacher or class.
    """

    kind: str
    school: int | None
    grade: str
    by: str
    of: int | str | None
    term: str
    word: str
    options: list[Option]
    chosen: Option | None
    is_searched: bool

    @property
    def search(self) -> Search | None:
        """What to search the students for; None while something is still to be chosen."""
        if not self.is_searched or (self.by != "all" and self.of is None):
            return None
        return Search(self.by, self.of, self.term)


def asked_of(request: HttpRequest, school_id: int | None) -> Asked:
    """Read the address and the session.

    Args:
        school_id: the one school that somebody may give from; None for all.
    """
    by = choice(request, "by", tuple(BY))
    key, word = whole(request, "of"), str(request.session.get(WORD, ""))
    of: int | str | None = choice(request, "of", ("", *GRADES)) or None if by == "grade" else key
    chosen = chosen_option(by, key, school_id) if by in TYPED and key is not None else None
    if by in TYPED and chosen is None:
        of = None
    return Asked(
        kind=choice(request, "kind", ("", *Kind.values)),
        school=whole(request, "school") if school_id is None else school_id,
        grade=choice(request, "grade", ("", *GRADES)),
        by=by,
        of=of,
        term=searched(request, PLACE),
        word=word if by in TYPED else "",
        options=options_for(by, word, school_id) if by in TYPED and chosen is None else [],
        chosen=chosen,
        is_searched="by" in request.GET,
    )


def options_for(by: str, word: str, school_id: int | None) -> list[Option]:
    """The teachers or classes that fit a word."""
    return teachers_named(word, school_id) if by == "teacher" else classes_named(word, school_id)


def keep_asked(request: HttpRequest, school_id: int | None) -> str:
    """Keep the names that the search form posted; returns the address that shows the results."""
    by = request.POST.get("by", "all")
    by = by if by in BY else "all"
    word = " ".join(request.POST.get(by, "").split())[:LONGEST]
    request.session[f"search_{PLACE}"] = " ".join(request.POST.get("term", "").split())[:LONGEST]
    request.session[WORD] = word if by in TYPED else ""
    of = request.POST.get(f"of_{by}", "")
    if by in TYPED:
        key, options = whole_number(of), options_for(by, word, school_id)
        of = of if key is not None and any(one.key == key for one in options) else ""
        if not of and len(options) == 1:
            of = str(options[0].key)
    query = {"kind": Kind.STUDENT.value, "by": by, **({"of": of} if of else {})}
    return f"{reverse('transfers_give')}?{urlencode(query)}#results"

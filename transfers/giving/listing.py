"""The codes of a district: with whom, in which state, who used them and when, until when. A page by key."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.pages import Chip
from rostering.models import StudentIdentity
from tenants.models import District
from tenants.templatetags.words import grade_words
from transfers.codes.models import CodeState, Kind, TransferCode
from transfers.imports.models import Offer, OfferedStudent
from transfers.warnings import DueWarning, transfer_warnings

PAGE: Final = 20
CHIPS: Final = {
    CodeState.OPEN: Chip("Not used yet", "warn", "○"),
    CodeState.USED: Chip("Used", "good", "✓"),
    CodeState.EXPIRED: Chip("Expired", "", "○"),
    CodeState.REVOKED: Chip("Revoked", "", "✕"),
}


@dataclass(frozen=True)
class ListedCode:
    """A code as the list shows it.

    Attributes:
        whom: the student, or the grade.
        used_by: the name of the district that used it.
        warnings: what is due here before it expires.
    """

    offer: Offer
    code: TransferCode
    whom: str
    chip: Chip
    is_open: bool
    used_by: str
    warnings: list[DueWarning]


@dataclass(frozen=True)
class CodePage:
    """One page of the list; `after` is the key from which the next one goes on, None on the last."""

    codes: list[ListedCode]
    after: UUID | None

    @property
    def warnings(self) -> list[DueWarning]:
        """What is due before some of them expire, each once."""
        return list(dict.fromkeys(warning for one in self.codes for warning in one.warnings))


def offers_in(school_id: int | None) -> QuerySet[Offer]:
    """The offers that somebody may see: all of the entered district's, or those of their own school."""
    offers = Offer.objects.select_related("school")
    return offers if school_id is None else offers.filter(school_id=school_id)


def code_page(
    district: District, school_id: int | None, at: dt.datetime, after: UUID | None = None, limit: int = PAGE
) -> CodePage:
    """A page of the codes that were generated, the newest first. A constant number of queries."""
    offers = offers_in(school_id)
    last = offers.filter(pk=after).first() if after is not None else None
    if last is not None:
        offers = offers.filter(Q(made_at__lt=last.made_at) | Q(made_at=last.made_at, pk__lt=last.pk))
    found = list(offers[: limit + 1])
    return CodePage(listed_codes(district, found[:limit], at), found[limit - 1].pk if len(found) > limit else None)


def listed_codes(district: District, offers: Iterable[Offer], at: dt.datetime) -> list[ListedCode]:
    """Some offers as the list shows them, in the order in which they come."""
    offers = list(offers)
    codes = TransferCode.objects.select_related("destination").in_bulk([offer.pk for offer in offers])
    names = _names(offer.pk for offer in offers if offer.kind == Kind.STUDENT)
    still_open = [code.expires_at for code in codes.values() if code.state(at) == CodeState.OPEN]
    due = transfer_warnings(district, at=at, expires_at=max(still_open)) if still_open else []
    return [_listed(offer, codes[offer.pk], names, due, at) for offer in offers if offer.pk in codes]


def _listed(
    offer: Offer, code: TransferCode, names: dict[UUID, str], due: list[DueWarning], at: dt.datetime
) -> ListedCode:
    state = code.state(at)
    whom = (
        names.get(offer.pk, "A student without a name now") if offer.kind == Kind.STUDENT else grade_words(offer.grade)
    )
    is_open = state == CodeState.OPEN
    return ListedCode(
        offer=offer,
        code=code,
        whom=whom,
        chip=CHIPS[state],
        is_open=is_open,
        used_by=code.destination.name if code.destination else "",
        warnings=[one for one in due if is_open and one.on <= code.expires_at.date()],
    )


def _names(offers: Iterable[UUID]) -> dict[UUID, str]:
    single = dict(OfferedStudent.objects.filter(offer__in=list(offers)).values_list("offer_id", "student_id"))
    who = StudentIdentity.objects.in_bulk(list(single.values())) if single else {}
    return {offer: f"{who[key].family_name}, {who[key].given_name}" for offer, key in single.items() if key in who}

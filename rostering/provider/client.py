"""Asking a provider: an access token, pages, and patience with one that is busy or down."""

import base64
import datetime as dt
import email.utils
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import quote, quote_plus, urlencode

from rostering.provider.errors import NoFilterError, NotOfferedError, ProviderError
from tenants.outbound import Answer, Outbound, OutboundError, UnreachableError

SCOPE: Final = "https://purl.imsglobal.org/spec/or/v{version}/scope/"
SCOPES: Final = ("roster-core.readonly", "roster-demographics.readonly")
PAUSES: Final = (1, 2, 5, 15, 30, 60)
"""Seconds before another try, where the provider does not say how long."""
LONGEST_PAUSE: Final = 120
CALL_SECONDS: Final = 60
LARGEST_ANSWER: Final = 32 << 20
BUSY: Final = (429, 500, 502, 503, 504)
REDIRECT: Final = range(300, 400)


class Account(Protocol):
    """What is needed to ask a provider."""

    version: str
    address: str
    token_address: str
    client_id: str


@dataclass
class Page:
    """One page of a collection.

    Attributes:
        total: how many records the whole collection has, if the provider says it.
        more: whether it names a next page; None when it names no pages at all.
        at: the provider's own clock.
    """

    records: list[dict[str, Any]]
    total: int | None
    more: bool | None
    at: dt.datetime | None


@dataclass
class ProviderClient:
    """One reading of one provider.

    Args:
        sleep: how pauses are kept; tests do not wait.
        tries: how often a call is made before it is given up.
    """

    account: Account
    secret: str
    calls: Outbound
    sleep: Callable[[float], None] = time.sleep
    tries: int = len(PAUSES) + 1
    _token: str = field(default="", repr=False)

    def page(self, collection: str, *, offset: int, limit: int, since: dt.datetime | None) -> Page:
        """A page of a collection, in the order of the records' keys.

        Args:
            since: only what has changed since this moment.

        Raises:
            NotOfferedError: the provider has no such collection for this client.
            ProviderError: the answer is none that can be used; the message says why.
        """
        query = {"limit": str(limit), "offset": str(offset), "sort": "sourcedId", "orderBy": "asc"}
        if since is not None:
            query["filter"] = f"dateLastModified>='{moment(since)}'"
        url = f"{self.account.address}/{collection}?{urlencode(query, quote_via=quote)}"
        answer = self._asked(url)
        if answer.status in (403, 404):
            raise NotOfferedError(f"The provider does not offer {collection} to this client (it says {answer.status}).")
        if answer.status in (400, 422) and since is not None:
            raise NoFilterError(f"The provider does not say which {collection} have changed since.")
        _check_status(answer, collection)
        return _page_of(answer, collection)

    def _asked(self, url: str) -> Answer:
        """The answer with a token that holds: one that has run out is replaced once."""
        if not self._token:
            self._token = self._new_token()
        answer = self._patiently("GET", url, {"Authorization": f"Bearer {self._token}", "Accept": "application/json"})
        if answer.status == 401:
            self._token = self._new_token()
            again = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
            answer = self._patiently("GET", url, again)
        return answer

    def _new_token(self) -> str:
        """An access token, with the scopes that this provider knows."""
        base = SCOPE.format(version="1p2" if self.account.version == "1.2" else "1p1")
        answer = None
        for names in (SCOPES, SCOPES[:1], ()):
            answer = self._token_answer(" ".join(base + name for name in names))
            if not (answer.status == 400 and _json(answer).get("error") == "invalid_scope"):
                break
        if answer is None or answer.status in (400, 401, 403):
            raise ProviderError("The provider does not accept this client id and secret.")
        _check_status(answer, "an access token")
        token = _json(answer).get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise ProviderError("The token's address gave no access token: check it.")
        return token

    def _token_answer(self, scope: str) -> Answer:
        pair = f"{quote_plus(self.account.client_id)}:{quote_plus(self.secret)}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        return self._patiently("POST", self.account.token_address, headers, urlencode(form).encode())

    def _patiently(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """An answer that is not "later": pauses grow, or are as long as the provider asks for."""
        for attempt in range(1, self.tries + 1):
            wait: float = PAUSES[min(attempt, len(PAUSES)) - 1]
            try:
                answer = self.calls.call(method, url, headers=headers, body=body)
            except UnreachableError as error:
                problem = str(error)
            except OutboundError as error:
                raise ProviderError(str(error)) from None
            else:
                if answer.status not in BUSY:
                    return answer
                problem = f"It answers {answer.status}: it is too busy, or has a fault of its own."
                wait = _asked_pause(answer, wait)
            if attempt < self.tries:
                self.sleep(min(wait, LONGEST_PAUSE))
        raise ProviderError(f"The provider did not answer in {self.tries} tries. {problem}")


def moment(at: dt.datetime) -> str:
    """A moment as OneRoster writes it."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _asked_pause(answer: Answer, otherwise: float) -> float:
    """The seconds of Retry-After, as a number or a date."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    until, now = _date(said), _date(answer.headers.get("date", ""))
    return max((until - now).total_seconds(), 0.0) if until and now else otherwise


def _date(said: str) -> dt.datetime | None:
    try:
        return email.utils.parsedate_to_datetime(said).astimezone(dt.UTC)
    except ValueError:
        return None


def _check_status(answer: Answer, what: str) -> None:
    if answer.status in REDIRECT:
        raise ProviderError(f"Asked for {what}, the provider leads elsewhere. Enter the address that it leads to.")
    if answer.status == 401:
        raise ProviderError(f"The provider does not accept its own token for {what}.")
    if answer.status != 200:
        raise ProviderError(f"Asked for {what}, the provider answers {answer.status}.")


def _json(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _page_of(answer: Answer, collection: str) -> Page:
    found = _json(answer).get(collection)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        kind = "a web page" if answer.body.lstrip()[:1] == b"<" else "something else"
        raise ProviderError(f"Asked for {collection}, the provider gives {kind}: check its address and version.")
    total = answer.headers.get("x-total-count", "").strip()
    links = answer.headers.get("link", "")
    return Page(
        records=found,
        total=int(total) if total.isascii() and total.isdigit() else None,
        more='rel="next"' in links.replace("'", '"').replace("rel=next", 'rel="next"') if links else None,
        at=_date(answer.headers.get("date", "")),
    )

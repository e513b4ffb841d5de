"""Reading: lists and single records of any resource, in 1.2 and in 1.1."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.access.grants import Grant
from api.common.views import ClientView
from api.oneroster.errors import handle_error
from api.oneroster.fields import Hrefs
from api.oneroster.language.asking import read_fields, read_query
from api.oneroster.paging import links
from api.oneroster.queries import Narrowing, count_of, keys_of, records_of, where_of
from api.oneroster.resource import Resource
from api.oneroster.resources.orgs import ORGS
from api.oneroster.routes import Parent

ROSTER = "/ims/oneroster/rostering/v1p2"
GRADEBOOK = "/ims/oneroster/gradebook/v1p2"
OLD = "/ims/oneroster/v1p1"


class JsonAlways(BaseContentNegotiation):
    """There is JSON and nothing else, whatever a client says that it accepts."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """The only parser."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The only renderer."""
        return next(iter(renderers)), "application/json"


class OneRosterView(ClientView):
    """What every address of the provider keeps to.

    Attributes:
        old: whether it speaks 1.1.
        scopes: for each method the scopes of which any one opens it.
    """

    content_negotiation_class = JsonAlways
    renderer_classes = (JSONRenderer,)
    metadata_class = None
    old: bool = False
    scopes: dict[str, tuple[str, ...]] = {}

    @property
    def required_scopes(self) -> dict[str, tuple[str, ...]]:  # type: ignore[override]
        """What `HasScopes` asks."""
        return self.scopes

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """Errors in OneRoster's form."""
        return handle_error

    @property
    def school_id(self) -> int | None:
        """The one school that the client may see; none: all."""
        grant = self.request.auth
        return grant.school_id if isinstance(grant, Grant) else None

    def hrefs(self) -> Hrefs:
        """Where references lead: the host that was asked."""
        at = f"{self.request.scheme}://{self.request.get_host()}"
        if self.old:
            return Hrefs(at + OLD, at + OLD, old=True)
        return Hrefs(at + ROSTER, at + GRADEBOOK)

    def find(self, resource: Resource, sourced_id: str, by: tuple[tuple[str, Any], ...] = ()) -> dict[str, Any]:
        """One record.

        Raises:
            Http404: there is none that the client may see.
        """
        found = []
        if "\0" not in sourced_id and len(sourced_id) <= 511:
            where = where_of(resource, Narrowing(self.school_id, by))
            found = records_of(resource, where, [sourced_id], self.hrefs())
        if not found:
            raise Http404
        return found[0]


class ListView(OneRosterView):
    """A list: filtered, sorted, paged, with the fields that were asked for."""

    resource: Resource = ORGS
    parents: tuple[Parent, ...] = ()

    def get(self, request: Request, **named: str) -> Response:
        """One page, with how many records there are and where the other pages are."""
        narrowing = Narrowing(self.school_id, self.narrowed(named))
        query = request.query_params.dict()
        asked = read_query(query, self.resource)
        where = where_of(self.resource, narrowing, asked)
        total = count_of(self.resource, where)
        keys = keys_of(self.resource, where, asked) if asked.offset < total else []
        records = records_of(self.resource, where_of(self.resource, narrowing), keys, self.hrefs(), asked.fields)
        response = Response({self.resource.plural: records})
        response["X-Total-Count"] = str(total)
        response["Link"] = links(request.build_absolute_uri(request.path), query, asked, total)
        return response

    def narrowed(self, named: dict[str, str]) -> tuple[tuple[str, str], ...]:
        """What the records in the address narrow; each of them must be there, and within the one before."""
        by: tuple[tuple[str, str], ...] = ()
        for parent in self.parents:
            sourced_id = named[parent.argument]
            self.find(parent.resource, sourced_id, tuple(one for one in by if one[0] in parent.resource.by))
            by = (*by, (parent.by, sourced_id))
        return tuple(one for one in by if one[0] in self.resource.by)


class RecordView(OneRosterView):
    """One record by its sourcedId."""

    resource: Resource = ORGS

    def get(self, request: Request, sourced_id: str) -> Response:
        """The record, with the fields that were asked for."""
        fields = read_fields(request.query_params.get("fields"), self.resource)
        record = self.find(self.resource, sourced_id)
        shown = record if fields is None else {name: value for name, value in record.items() if name in fields}
        return Response({self.resource.single: shown})


class NothingView(OneRosterView):
    """Addresses that the provider does not have."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks must have a token, then learns that there is nothing."""
        self.perform_authentication(request)
        if not isinstance(request.auth, Grant):
            self.permission_denied(request)
        raise Http404

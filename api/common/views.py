"""The base of every view that a client may open."""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework.views import APIView

from api.access.authentication import ClientAuthentication
from api.access.permissions import Alternatives, HasScopes
from api.access.throttling import ClientThrottle


class ClientView(APIView):
    """Opened with a token, within its scopes and its rate.

    Attributes:
        required_scopes: for each method the scopes of which any one opens it.
    """

    authentication_classes = [ClientAuthentication]
    permission_classes = [HasScopes]
    throttle_classes = [ClientThrottle]
    required_scopes: ClassVar[Mapping[str, Alternatives]] = {}

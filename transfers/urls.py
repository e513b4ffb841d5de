"""Where the pages of transfers are, under /people/. A code never stands in an address, and a name neither."""

from django.urls import include, path

from transfers.giving.views import find, generate, give, revoke
from transfers.redeeming.views import code, continue_import, transfers
from transfers.requesting.views import request_data, request_mail

urlpatterns = [
    path("transfers/", transfers, name="transfers"),
    path("transfers/code/", code, name="transfers_code"),
    path("transfers/code/continue/", continue_import, name="transfers_code_continue"),
    path("transfers/give/", give, name="transfers_give"),
    path("transfers/give/find/", find, name="transfers_give_find"),
    path("transfers/give/code/", generate, name="transfers_generate"),
    path("transfers/codes/<uuid:key>/revoke/", revoke, name="transfers_revoke"),
    path("transfers/request/", request_data, name="transfers_request"),
    path("transfers/request/mail/", request_mail, name="transfers_request_mail"),
    path("", include("transfers.review.urls")),
]

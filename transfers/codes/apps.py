"""Transfer codes, in the public schema."""

from django.apps import AppConfig


class TransferCodesConfig(AppConfig):
    name = "transfers.codes"
    label = "transfer_codes"

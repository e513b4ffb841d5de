"""What a district admin says of a webhook."""

from typing import Any

from django import forms

from api.common.rotating import OverlapForm
from events.types import CHOSEN, TYPES
from tenants.outbound import ForbiddenAddressError, check_address


class EndpointForm(forms.Form):
    """Where the endpoint is, and what it is told."""

    description = forms.CharField(
        label="What it belongs to",
        max_length=80,
        help_text="Such as “Northwind data warehouse”. Not a person's name.",
        error_messages={"required": "Say what it belongs to, to know it again."},
    )
    address = forms.CharField(
        label="Address",
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
        help_text="It begins with https:// and leads to a public server.",
        error_messages={"required": "Give the address that is to be called."},
    )
    types = forms.MultipleChoiceField(
        label="What it is told",
        choices=[(name, TYPES[name].words) for name in CHOSEN],
        error_messages={"required": "Choose at least one type of event."},
    )

    def clean_address(self) -> str:
        """One that may be called."""
        try:
            return check_address(self.cleaned_data["address"])
        except ForbiddenAddressError as refused:
            raise forms.ValidationError(str(refused)) from None

    def boxes(self) -> list[dict[str, Any]]:
        """The types as the page draws them: name, words, and whether it is ticked."""
        chosen = set(self["types"].value() or [])
        return [{"name": name, "words": TYPES[name].words, "ticked": name in chosen} for name in CHOSEN]


class RotateForm(OverlapForm):
    """When the secret that there is ends."""

    longest, usual = 7, 1

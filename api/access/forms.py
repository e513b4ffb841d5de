"""What a district admin says of a program that is let in."""

import datetime as dt
from typing import Any, Final

from django import forms

from api.access.errors import ClientError
from api.access.networks import networks_in
from api.access.scopes import AREAS, VENDOR_ONLY
from api.common.rotating import OverlapForm
from rostering.models import School
from tenants import clock

WHOLE_DISTRICT: Final = "The whole district"


class ClientForm(forms.Form):
    """A program: what it is called, what it may do, from where and until when."""

    name = forms.CharField(
        label="Name of the program",
        max_length=80,
        help_text="Such as “Northwind SIS, nightly rosters”. Not a person's name.",
        error_messages={"required": "Give the program a name, to know it again."},
    )
    expires_on = forms.DateField(
        label="Last day",
        help_text="After this day it is let in no more. At most two years from now.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose the last day."},
    )
    networks = forms.CharField(
        label="From where it may come",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One address or network a line, such as 203.0.113.0/24. Left empty: from anywhere.",
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        error_messages={"required": "Choose at least one thing that the program may do."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(name, words) for area in AREAS for name, words in area.scopes.items() if name not in VENDOR_ONLY]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]

    def clean_networks(self) -> list[str]:
        """As they are kept."""
        try:
            return networks_in(self.cleaned_data["networks"])
        except ClientError as refused:
            raise forms.ValidationError(str(refused)) from None

    def areas(self) -> list[dict[str, Any]]:
        """The scopes by area, as the page draws them: name, words, and whether it is ticked."""
        chosen = set(self["scopes"].value() or [])
        return [
            {
                "title": area.title,
                "scopes": [
                    {"name": name, "words": words, "ticked": name in chosen}
                    for name, words in area.scopes.items()
                    if name not in VENDOR_ONLY
                ],
            }
            for area in AREAS
        ]

    def ends_at(self, time_zone: str) -> dt.datetime:
        """The end of the last day, in the district's own zone."""
        return clock.local_start(self.cleaned_data["expires_on"] + dt.timedelta(days=1), 0, time_zone)


class NewClientForm(ClientForm):
    """A new program, which may be let in to one school only."""

    school = forms.ChoiceField(label="What it sees", required=False, help_text="It cannot be changed later.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = [(str(school.pk), school.name) for school in School.objects.filter(is_active=True).order_by("name")]
        self.fields["school"].choices = [("", WHOLE_DISTRICT), *schools]  # type: ignore[attr-defined]


class RotateForm(OverlapForm):
    """When the secret that there is ends."""

    longest, usual = 30, 7

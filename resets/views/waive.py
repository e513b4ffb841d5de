"""Waiving the wait for the year's data on the portal, with a typed confirmation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from accounts.pages import district_admin, district_of
from products.datamap import Suite
from resets.errors import ScheduleError
from resets.exports.services import waive_export
from tenants import clock


class WaiveForm(forms.Form):
    """Why nobody downloads the year's data, and the district's name typed."""

    why = forms.CharField(
        label="Why you need no copy",
        max_length=300,
        help_text="Your customer success manager reads it. Write no names here.",
        error_messages={"required": "Say in a few words why: it is kept."},
    )
    confirmed = forms.CharField(max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, word: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.word = word
        self.use_required_attribute = False
        self.fields["confirmed"].label = f"Type the district's name to confirm: {word}"
        self.fields["confirmed"].error_messages["required"] = f"Type it exactly: {word}"

    def clean_confirmed(self) -> str:
        """The name, typed exactly."""
        said = str(self.cleaned_data["confirmed"]).strip()
        if said != self.word:
            raise forms.ValidationError(f"Type it exactly: {self.word}")
        return said


def waive(request: HttpRequest, suite: Suite, school_year: int, form: WaiveForm) -> bool:
    """Waive the wait for the district's admin; false when the form has to be shown again."""
    user = district_admin(request)
    if not form.is_valid():
        return False
    try:
        waive_export(
            district_of(request), suite.code, school_year, actor=user.actor, reason=form.cleaned_data["why"],
            at=clock.now(),
        )  # fmt: skip
    except ScheduleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The reset of {suite.name} waits for no download. Your reason is kept.")
    return True

"""Secrets that are replaced with an overlap: how long the old one lives on, and which ones are good now."""

import datetime as dt
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import Q

OVERLAPS: Final = ((0, "At once"), (1, "After one day"), (7, "After seven days"), (30, "After 30 days"))


class OverlapForm(forms.Form):
    """When the secret that there is ends.

    Attributes:
        longest: the most days that are offered.
        usual: the days that are chosen at first.
    """

    longest: ClassVar[int]
    usual: ClassVar[int]
    overlap = forms.ChoiceField(label="The old secret ends")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(days), words) for days, words in OVERLAPS if days <= self.longest]
        self.fields["overlap"].choices = offered  # type: ignore[attr-defined]
        self.fields["overlap"].initial = str(self.usual)

    def lasts(self) -> dt.timedelta:
        """For how long both are good."""
        return dt.timedelta(days=int(self.cleaned_data["overlap"]))


def is_living(at: dt.datetime) -> Q:
    """The condition that a secret has not ended."""
    return Q(ends_at=None) | Q(ends_at__gt=at)

"""The form of a request that is sent from here: the parts of the e-mail that are to be changed."""

import re
from typing import Any, Final

from django import forms

from transfers.codes.models import Kind
from transfers.requesting.template import Wish

LINK: Final = re.compile(r"://|www\.|\w\.(com|org|net|io|ru|info)\b", re.IGNORECASE)


class OneLine(forms.CharField):
    """Some words in one line, without a link: what is sent from here is a request, and nothing else."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> str:
        """Refuse links, and fold white space."""
        text = " ".join(str(super().clean(value) or "").split())
        if LINK.search(text):
            raise forms.ValidationError("Write a name here, without a link.")
        return text


class RequestForm(forms.Form):
    """Whom to ask, and for whose data."""

    recipient = forms.EmailField(
        label="E-mail address of the other site's administrator",
        help_text="The school or district that the student(s) are transferring from.",
        max_length=254,
        error_messages={"required": "Enter the address to send the request to."},
    )
    previous = OneLine(
        label="Their school or district",
        help_text="Its name, as they know it.",
        error_messages={"required": "Enter the name of the school or district that the student(s) come from."},
    )
    kind = forms.ChoiceField(
        label="What you ask for",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        initial=Kind.STUDENT,
        error_messages={"required": "Choose a whole grade or an individual student."},
    )
    whom = OneLine(
        label="Which student, or which grade",
        help_text="Be sure to include the specific student's name or the specific grade you are requesting: "
        "“Ana Hill, grade 3”, or “grade 5 of Lincoln Elementary”.",
        error_messages={"required": "Enter the specific student's name or the specific grade."},
    )

    def wish(self) -> Wish:
        """What was filled in."""
        said = self.cleaned_data
        return Wish(Kind(said["kind"]), said["whom"], said["previous"])

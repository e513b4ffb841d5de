"""What is typed on the page of the switch and the ceiling."""

from typing import Any

from django import forms

AREA = {"rows": 2}


class ReasonForm(forms.Form):
    """A reason, which everybody who waits will read."""

    reason = forms.CharField(
        max_length=300,
        strip=True,
        widget=forms.Textarea(attrs=AREA),
        help_text="It is kept, and shown to everybody who waits.",
        error_messages={"required": "Give the reason: it is kept, and shown to everybody who waits."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


class CeilingForm(ReasonForm):
    """How many districts may begin in an hour; empty for any number."""

    districts = forms.IntegerField(
        label="Districts per hour",
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text="Empty: no ceiling. A district counts once, however many of its suites are reset.",
        error_messages={"min_value": "Give 1 or more; to let nothing begin, stop the work."},
    )
    field_order = ("districts", "reason")

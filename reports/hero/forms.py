"""The forms of codes and actions, with the tick that an edit before the archive needs."""

from typing import Any

from django import forms

from products.hero.behavior import Entry
from products.hero.models import ActionSetting, BehaviorCode


class ConfirmForm(forms.Form):
    """The tick alone."""

    confirmed = forms.BooleanField(
        label="I have read this, and change it all the same",
        help_text="That you confirmed it is recorded.",
        error_messages={
            "required": "Tick this to go on. Nothing was changed. To be safe, wait until the archive has been made."
        },
    )

    def __init__(self, *args: Any, archive_ahead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if archive_ahead:
            self.fields["confirmed"] = self.fields.pop("confirmed")  # the last, right above the button
        else:
            del self.fields["confirmed"]

    @property
    def is_confirmed(self) -> bool:
        """Whether the tick was asked for and given."""
        return bool(self.cleaned_data.get("confirmed"))

    @property
    def values(self) -> dict[str, Any]:
        """The entry's own fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}


class CodeForm(ConfirmForm):
    """A behavior code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="Short, as it stands on reports.",
        error_messages={"required": "Give the code, for example TARDY."},
    )
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Give the name that students and parents read."}
    )
    points = forms.IntegerField(
        label="Hero points",
        min_value=-1000,
        max_value=1000,
        help_text="Earned each time; with a minus, taken away.",
        error_messages={"required": "Give a number of points; 0 for none."},
    )


class ActionForm(ConfirmForm):
    """An action."""

    action = forms.CharField(
        label="Action", max_length=40, error_messages={"required": "Give the action, for example Detention."}
    )
    threshold = forms.IntegerField(
        label="After how many behaviors",
        min_value=1,
        max_value=1000,
        error_messages={"required": "Give a number of 1 or more."},
    )


FORMS: dict[str, tuple[type[Entry], type[ConfirmForm], str]] = {
    "codes": (BehaviorCode, CodeForm, "behavior code"),
    "actions": (ActionSetting, ActionForm, "action"),
}
"""By the word in the address: the model, its form, and what it is called."""

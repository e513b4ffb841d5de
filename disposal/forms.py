"""What is asked of whoever makes a request."""

from typing import Any

from django import forms

from disposal import terms
from disposal.models import CaseKind
from disposal.requests.models import Asker


class RequestForm(forms.Form):
    """Who asked, what for, by when, and the word that confirms a destruction."""

    asker = forms.ChoiceField(label="Who asks for it", choices=Asker.choices)
    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For your own people only: it stays in the data of your district, and goes with the student.",
    )
    due_on = forms.DateField(
        label="To be done by", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    waived_reason = forms.CharField(
        label="Why you want no export first",
        max_length=500,
        required=False,
        help_text="Only if you do not want one. Write no names here: it is kept when everything else is gone.",
    )
    confirmed = forms.CharField(max_length=255, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, kind: str, word: str, is_student: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.word, self.is_destruction = word, kind == CaseKind.DESTRUCTION
        self.fields["due_on"].help_text = f"Leave it empty for the latest day: {terms.GROUNDS[CaseKind(kind)]}."
        if not self.is_destruction:
            del self.fields["confirmed"]
        else:
            what = "the student's ID" if is_student else "the district's name"
            self.fields["confirmed"].label = f"Type {what} to confirm: {word}"
        if is_student or not self.is_destruction:
            del self.fields["waived_reason"]

    def clean_confirmed(self) -> str:
        """The word, typed exactly."""
        said = str(self.cleaned_data["confirmed"]).strip()
        if said != self.word:
            raise forms.ValidationError(f"Type it exactly: {self.word}")
        return said

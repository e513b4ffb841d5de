"""What is asked when a hold is placed or lifted."""

from django import forms

from holds.models import Ground


class PlaceForm(forms.Form):
    """Why something is put on hold."""

    ground = forms.ChoiceField(
        label="Ground", choices=Ground.choices, help_text="Stands on the certificate and in the ledger."
    )
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For your own people only: it stays in the data of your district.",
        error_messages={"required": "Say why: a hold is answered for by its reason and by whoever placed it."},
    )


class LiftForm(forms.Form):
    """Why a hold is over."""

    reason = forms.CharField(
        label="Why is it over?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: what was postponed is then deleted and anonymized."},
    )

"""What is typed into the template editor, and for whom it is previewed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from correspondence.errors import PlaceholderError
from correspondence.models import MailTemplate
from correspondence.placeholders import check_text
from resets.desk.suites import suite_choices
from tenants.models import District


class EditorForm(forms.Form):
    """A wording, the version that it is based on, and the district that it is previewed for."""

    subject = forms.CharField(
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        error_messages={"required": "A letter needs a subject."},
    )
    body = forms.CharField(
        label="Text",
        max_length=8000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 22}),
        help_text="Plain text. An empty line begins a paragraph; lines that begin with “- ” are a list.",
        error_messages={"required": "A letter needs a text."},
    )
    district = forms.CharField(
        label="Preview for the district",
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text="A part of its name. Empty: the first district of your book.",
    )
    suite = forms.ChoiceField(label="Preview for the suite", required=False, widget=UnfoldAdminSelectWidget)
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        suite = self.fields["suite"]
        assert isinstance(suite, forms.ChoiceField)  # noqa: S101 - for the type checker
        suite.choices = suite_choices()

    def clean_subject(self) -> str:
        """Known placeholders only."""
        return self._checked("subject")

    def clean_body(self) -> str:
        """Known placeholders only."""
        return self._checked("body")

    def _checked(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            check_text(text)
        except PlaceholderError as error:
            raise ValidationError(str(error)) from error
        return text


def first_values(template: MailTemplate, newest: MailTemplate) -> dict[str, Any]:
    """The form's first values: a version's wording, to be saved after the newest one."""
    return {"subject": template.subject, "body": template.body, "based_on": newest.version}


def district_for(book: QuerySet[District], said: str) -> District | None:
    """The first district of a book whose name or slug holds what was said."""
    found = book.filter(removed_at=None).order_by("name", "pk")
    words = said.replace("\0", "").strip()
    if words:
        found = found.filter(Q(name__icontains=words) | Q(slug__icontains=words))
    return found.first()

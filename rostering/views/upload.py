"""Uploading a bundle: checked first, then handed to the worker."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_http_methods

from accounts.pages import district_admin, district_of, page, today
from rostering.uploads import accept_upload, is_zip, size_limit
from rostering.views.reads import open_upload
from tenants import clock


class UploadForm(forms.Form):
    """A bundle, and how to take it."""

    bundle = forms.FileField(
        label="OneRoster bundle",
        help_text="One .zip file with the CSV files of OneRoster 1.1 or 1.2, bulk or delta.",
        max_length=200,
        error_messages={
            "required": "Choose the .zip file that your student information system wrote.",
            "empty": "This file is empty. Export the bundle again and choose the new file.",
            "max_length": "The file's name is too long. Give it a name of at most 200 characters.",
        },
    )
    dry_run = forms.BooleanField(
        label="Dry run: check only, change nothing",
        required=False,
        initial=True,
        help_text="Reads and checks the whole bundle and shows what would change. Untick it to import.",
    )
    strict = forms.BooleanField(
        label="Strict",
        required=False,
        help_text="Refuses everything that the OneRoster specification refuses. Without it, known habits of vendors "
        "are accepted and counted as warnings.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bundle"]
        field.widget.attrs["accept"] = ".zip,application/zip"
        field.help_text = f"{field.help_text} At most {filesizeformat(size_limit())}."

    def clean_bundle(self) -> "UploadedFile[Any]":
        """Refuse what is too large, or no zip, and say how to mend it."""
        upload: UploadedFile[Any] = self.cleaned_data["bundle"]
        if (upload.size or 0) > size_limit():
            raise forms.ValidationError(
                f"This file has {filesizeformat(upload.size or 0)}; the most that an upload may have is "
                f"{filesizeformat(size_limit())}. Leave larger bundles in the drop folder for the nightly sync."
            )
        if not is_zip(upload):
            raise forms.ValidationError(
                "This is not a zip file. Put the bundle's CSV files together with manifest.csv into one .zip, "
                "and choose that."
            )
        return upload


@require_http_methods(["GET", "HEAD", "POST"])
def roster_upload(request: HttpRequest) -> HttpResponse:
    """The upload's form; a bundle that it accepts is imported by the worker, and its page shows how far it is."""
    user = district_admin(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        key = accept_upload(
            district_of(request),
            asked["bundle"],
            actor=user.actor,
            as_of=today(request),
            now=clock.now(),
            strict=asked["strict"],
            dry_run=asked["dry_run"],
        )
        then = "It is checked now; nothing will be changed." if asked["dry_run"] else "It is imported now."
        messages.success(request, f"Received {filesizeformat(asked['bundle'].size)}. {then}")
        return redirect("sync", key)
    context = {"form": form, "upload": open_upload(district_of(request))}
    return page(request, "rosters/upload.html", "rosters", context, status=400 if form.errors else 200)

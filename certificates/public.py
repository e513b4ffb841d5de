"""The public pages: anybody checks a file, reads a certificate's facts by its number, and gets the public keys.

Checking a file asks no database: the page works for whoever does not trust us, and while the database is away.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from certificates.checking import MOST_BYTES, Verdict, check_certificate
from certificates.keys import as_pem
from certificates.numbers import read_number
from certificates.selectors import versions_of
from certificates.stages import Stage
from certificates.views import CHIPS


class CheckForm(forms.Form):
    """A certificate's file."""

    file = forms.FileField(
        label="The certificate",
        help_text="The PDF or the JSON, as it was downloaded. It is looked at in memory and kept nowhere.",
        error_messages={"required": "Choose the certificate's PDF or JSON first.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        """Refuse what is too large for a certificate before reading it."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                f"This file has {file.size:,} bytes. No certificate has more than {MOST_BYTES:,}: choose another file."
            )
        return file


@csrf_exempt  # it changes nothing and knows nobody; and a token would need a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Check a file that somebody sends; a number that somebody typed leads to its page."""
    if request.method != "POST":
        if number := read_number(request.GET.get("number", "")):
            return HttpResponseRedirect(reverse("certificate_facts", args=[number]))
        return _page(request, CheckForm(), typed=request.GET.get("number", "")[:40])
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    return _page(request, CheckForm(), check_certificate(form.cleaned_data["file"].read()))


@require_safe
def certificate_facts(request: HttpRequest, number: str) -> HttpResponse:
    """What the newest version of a certificate says: where the QR code leads."""
    versions = versions_of(number)
    if not versions:
        raise Http404("No certificate has this number. Compare it with the paper, symbol by symbol.")
    newest = versions[0]
    context = {
        "newest": newest, "document": newest.document, "versions": versions, "chip": CHIPS[Stage(newest.stage)],
    }  # fmt: skip
    return render(request, "certificates/facts_page.html", context)


@require_safe
def certificate_keys(_request: HttpRequest) -> HttpResponse:
    """The public keys whose signatures count, for checking without us."""
    return HttpResponse(as_pem(), content_type="application/x-pem-file")


def _page(
    request: HttpRequest, form: CheckForm, verdict: Verdict | None = None, typed: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "verdict": verdict, "document": verdict.document if verdict else {}, "typed": typed}
    return render(request, "certificates/check.html", context, status=status)

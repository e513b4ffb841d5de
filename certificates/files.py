"""A certificate's files as a browser gets them."""

from django.http import HttpResponse

from certificates.models import Certificate
from certificates.paper.typeset import as_pdf
from certificates.sealing import as_file


def pdf_answer(certificate: Certificate) -> HttpResponse:
    """A version as PDF. It is typeset anew each time, a quarter of a second, and is the same each time."""
    return _answer(as_pdf(certificate), "application/pdf", f"{_name(certificate)}.pdf")


def json_answer(certificate: Certificate) -> HttpResponse:
    """A version as signed JSON."""
    return _answer(as_file(certificate), "application/json", f"{_name(certificate)}.json")


def _name(certificate: Certificate) -> str:
    return f"certificate-{certificate.number}-v{certificate.version}"


def _answer(data: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

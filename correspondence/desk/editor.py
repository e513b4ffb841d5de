"""The templates: a list of the kinds, and an editor with a preview that follows what is typed."""

import smtplib
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages import is_htmx
from correspondence.desk.editor_form import EditorForm, first_values
from correspondence.desk.preview import Preview, preview_of
from correspondence.errors import CorrespondenceError
from correspondence.models import Kind, MailTemplate
from correspondence.placeholders import PLACEHOLDERS
from correspondence.templates import current_template, current_templates, save_template
from resets.desk.people import names_of
from tenants import clock
from tenants.desk import actor_of, own_book

KEPT = 25


@require_safe
def templates_page(request: HttpRequest) -> HttpResponse:
    """Every kind, with its newest version."""
    newest = current_templates()
    names = names_of(template.made_by for template in newest)
    lines = [{"template": template, "who": names[template.made_by]} for template in newest]
    context = {**admin.site.each_context(request), "title": "Templates", "lines": lines}
    return render(request, "admin/correspondence/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def editor_page(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind's wording. A POST previews it (`do=preview`), sends it to whoever asks (`do=test`), or saves it."""
    if kind not in Kind.values:
        raise Http404("There is no such kind of letter.")
    newest = current_template(kind)
    if request.method != "POST":
        form = EditorForm(initial=first_values(_version(request, newest), newest))
        return _page(request, newest, form)
    form = EditorForm(request.POST)
    asked = request.POST.get("do", "save")
    if asked == "preview":
        return _previewed(request, newest, form)
    if not form.is_valid():
        return _page(request, newest, form, status=400)
    return _test(request, newest, form) if asked == "test" else _save(request, newest, form)


def _previewed(request: HttpRequest, newest: MailTemplate, form: EditorForm) -> HttpResponse:
    """The preview alone for htmx; it says what is wrong, and no field does before it is saved."""
    form.full_clean()
    form.errors.clear()
    if is_htmx(request):
        context = {"preview": preview_of(form, newest.kind, own_book(request))}
        return render(request, "admin/correspondence/parts/preview.html", context)
    return _page(request, newest, form)


def _save(request: HttpRequest, newest: MailTemplate, form: EditorForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        made = save_template(
            newest.kind, subject=said["subject"], body=said["body"], based_on=said["based_on"],
            actor=actor_of(request), at=clock.now(),
        )  # fmt: skip
    except CorrespondenceError as error:
        form.add_error(None, str(error))
        return _page(request, current_template(newest.kind), form, status=400)
    messages.success(request, f"Version {made.version} is saved. Letters that are sent from now on say it so.")
    return HttpResponseRedirect(_address(newest.kind))


def _test(request: HttpRequest, newest: MailTemplate, form: EditorForm) -> HttpResponse:
    preview = preview_of(form, newest.kind, own_book(request))
    to = str(getattr(request.user, "email", ""))
    if preview.rendered is None:
        form.add_error(None, f"No test was sent. {preview.error}")
        return _page(request, newest, form, status=400)
    rendered = preview.rendered
    message = EmailMultiAlternatives(
        f"[Test] {rendered.subject}", rendered.text, settings.DEFAULT_FROM_EMAIL, [to],
        headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    message.attach_alternative(rendered.html, "text/html")
    try:
        message.send()
    except (OSError, smtplib.SMTPException):
        form.add_error(None, "No test was sent: the mail server cannot be reached or refused it. Try again later.")
        return _page(request, newest, form, status=502)
    messages.success(request, "The mail server took a test letter to your own address. Nothing was saved.")
    return _page(request, newest, form)


def _page(request: HttpRequest, newest: MailTemplate, form: EditorForm, status: int = 200) -> HttpResponse:
    versions = list(MailTemplate.objects.filter(kind=newest.kind).defer("body")[:KEPT])
    names = names_of(version.made_by for version in versions)
    preview: Preview = preview_of(form, newest.kind, own_book(request))
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"Template: {newest.get_kind_display()}",
        "newest": newest,
        "form": form,
        "preview": preview,
        "placeholders": PLACEHOLDERS,
        "address": _address(newest.kind),
        "versions": [{"version": version, "who": names[version.made_by]} for version in versions],
    }
    return render(request, "admin/correspondence/editor.html", context, status=status)


def _version(request: HttpRequest, newest: MailTemplate) -> MailTemplate:
    """The version that the address asks for, else the newest."""
    said = request.GET.get("version", "")
    if not (said.isascii() and said.isdecimal() and len(said) < 6):
        return newest
    return MailTemplate.objects.filter(kind=newest.kind, version=int(said)).first() or newest


def _address(kind: str) -> str:
    return reverse("admin:correspondence_template", args=[kind])

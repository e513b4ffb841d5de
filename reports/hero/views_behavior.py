"""Adding, changing and removing a school's behavior codes and actions, with the warning before the archive."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.pages import district_of, is_visitor, page, person, today
from products.hero.behavior import WARNING, Editor, Entry, entry_words, remove_entry, save_entry
from products.hero.errors import SettingError
from reports.hero.archive import ArchiveAhead, archive_ahead
from reports.hero.forms import FORMS, ConfirmForm
from reports.hero.reading import school_of
from rostering.models import School
from tenants import clock


@dataclass(frozen=True)
class Desk:
    """What every one of these pages has found out about its address."""

    school: School
    model: type[Entry]
    form: type[ConfirmForm]
    noun: str
    archive: ArchiveAhead | None

    def editor(self, request: HttpRequest, at: dt.datetime, *, confirmed: bool) -> Editor:
        """Who edits."""
        return Editor(person(request).actor, at, archive_ahead=self.archive is not None, confirmed=confirmed)


@require_http_methods(["GET", "HEAD", "POST"])
def hero_setting_add(request: HttpRequest, school: int, kind: str) -> HttpResponse:
    """Add a code or an action."""
    return _edit(request, _desk(request, school, kind), None)


@require_http_methods(["GET", "HEAD", "POST"])
def hero_setting(request: HttpRequest, school: int, kind: str, entry: int) -> HttpResponse:
    """Change a code or an action."""
    desk = _desk(request, school, kind)
    return _edit(request, desk, _entry(desk, entry))


@require_http_methods(["GET", "HEAD", "POST"])
def hero_setting_remove(request: HttpRequest, school: int, kind: str, entry: int) -> HttpResponse:
    """Ask, then remove a code or an action."""
    desk = _desk(request, school, kind)
    found = _entry(desk, entry)
    form = ConfirmForm(request.POST if request.method == "POST" else None, archive_ahead=desk.archive is not None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_entry(
                desk.model, desk.school.pk, entry, desk.editor(request, clock.now(), confirmed=form.is_confirmed)
            )
        except SettingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Removed the {desk.noun}: {entry_words(found)}.")
        return redirect("hero_school", school)
    return _show(request, "hero/remove.html", desk, form, found)


def _edit(request: HttpRequest, desk: Desk, entry: Entry | None) -> HttpResponse:
    ahead = desk.archive is not None
    if request.method != "POST":
        return _show(request, "hero/edit.html", desk, desk.form(initial=_values(entry), archive_ahead=ahead), entry)
    form = desk.form(request.POST, archive_ahead=ahead)
    if form.is_valid():
        editor = desk.editor(request, clock.now(), confirmed=form.is_confirmed)
        try:
            saved = save_entry(desk.model, desk.school.pk, form.values, editor, entry.pk if entry else None)
        except SettingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{'Changed' if entry else 'Added'} the {desk.noun}: {entry_words(saved)}.")
            return redirect(reverse("hero_school", args=[desk.school.pk]))
    return _show(request, "hero/edit.html", desk, form, entry)


def _show(request: HttpRequest, template: str, desk: Desk, form: ConfirmForm, entry: Entry | None) -> HttpResponse:
    context = {"desk": desk, "form": form, "entry": entry, "warning": WARNING}
    if entry is not None:
        context["words"] = entry_words(entry)
    return page(request, template, "hero", context, status=400 if form.errors else 200)


def _desk(request: HttpRequest, school: int, kind: str) -> Desk:
    if kind not in FORMS or is_visitor(person(request)):
        raise Http404("There is no such setting.")
    model, form, noun = FORMS[kind]
    return Desk(school_of(request, school), model, form, noun, archive_ahead(district_of(request), today(request)))


def _entry(desk: Desk, key: int) -> Entry:
    found: Entry | None = desk.model._default_manager.filter(pk=min(key, 2**63 - 1), school_id=desk.school.pk).first()
    if found is None:
        raise Http404("The school has no such setting.")
    return found


def _values(entry: Entry | None) -> dict[str, Any]:
    return model_to_dict(entry) if entry else {}

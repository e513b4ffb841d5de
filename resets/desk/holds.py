"""A district's legal holds at the CSM's desk: in numbers and without names; placing one, and lifting it.

The reasons stay with the district: vendor staff see the ground only.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.pages import whole_number
from holds.errors import HoldError
from holds.models import Ground, HoldScope, LegalHold
from holds.selectors import active_holds
from holds.services import lift_hold, place_hold
from resets.engine.held import students_held
from rostering.models import School, Student
from tenants import clock
from tenants.desk import actor_of, own_book
from tenants.models import District
from tenants.schema import current_schema, enter_district

PAGE = "admin/resets/holds.html"
MOST = 100
"""Holds of one district that the page lists; its portal lists them all."""


class HoldForm(forms.Form):
    """Whom a hold is about, and why."""

    scope = forms.ChoiceField(label="On hold", choices=HoldScope.choices, widget=UnfoldAdminSelectWidget)
    student = forms.CharField(
        label="Student ID, for one student", max_length=255, required=False, widget=UnfoldAdminTextInputWidget
    )
    school = forms.ModelChoiceField(
        label="School, for a whole school", queryset=School.objects.none(), required=False,
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    ground = forms.ChoiceField(label="Ground", choices=Ground.choices, widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text="The district reads it.",
        error_messages={"required": "Give the reason: the district reads it."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def holds_page(request: HttpRequest, district: int) -> HttpResponse:
    """The list and the form; a POST places a hold, or lifts the one that `lift` names."""
    found = own_book(request).filter(pk=min(district, 2**63 - 1), removed_at=None).first()
    if found is None:
        raise Http404("There is no such district in your book.")
    with enter_district(found):
        form = HoldForm(request.POST if request.method == "POST" and "lift" not in request.POST else None)
        form.fields["school"].queryset = School.objects.filter(is_active=True)  # type: ignore[attr-defined]
        if request.method == "POST" and _done(request, found, form):
            return redirect("admin:resets_holds", found.pk)
        return _show(request, found, form)


def _done(request: HttpRequest, district: District, form: HoldForm) -> bool:
    try:
        if "lift" in request.POST:
            text = request.POST["lift"]
            key = whole_number(text) or 0
            lift_hold(district, key, reason=request.POST.get("why", ""), actor=actor_of(request), at=clock.now())
            messages.success(request, f"Hold {key} is lifted. What was postponed for it is done now.")
            return True
        if not form.is_valid():
            return False
        hold = _place(request, district, form.cleaned_data)
    except HoldError as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, f"Hold {hold.pk} is placed: nothing of it is deleted or anonymized.")
    return True


def _place(request: HttpRequest, district: District, said: dict[str, Any]) -> LegalHold:
    student = _student(said["student"]) if said["scope"] == HoldScope.STUDENT else None
    school = said["school"]
    if said["scope"] == HoldScope.SCHOOL and school is None:
        raise HoldError("Choose the school that is on hold.")
    return place_hold(
        district,
        said["scope"],
        ground=said["ground"],
        reason=said["reason"],
        student_id=student,
        school_id=school.pk if school else None,
        actor=actor_of(request),
        at=clock.now(),
    )


def _student(number: str) -> int:
    """The one student with a Student ID."""
    wanted = Q(identity__student_number=number.strip()) & ~Q(identity__student_number="")
    found = list(Student.objects.filter(wanted, status__in=("active", "inactive")).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        several = "Several students have" if found else "No student has"
        raise HoldError(f"{several} this Student ID. Let the district place the hold on its page Legal holds.")
    return found[0]


def _show(request: HttpRequest, district: District, form: HoldForm) -> HttpResponse:
    students = students_held(current_schema())
    holds = list(active_holds()[:MOST])
    context = {
        **admin.site.each_context(request),
        "title": f"Legal holds of {district.name}",
        "district": district,
        "form": form,
        "rows": [(hold, students.get(hold.pk, 0)) for hold in holds],
        "timeline": reverse("admin:resets_timeline", args=[district.pk]),
    }
    return render(request, PAGE, context, status=400 if form.errors else 200)

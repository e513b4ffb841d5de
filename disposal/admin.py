"""Requests at the CSM's desk: what is due in the own book, what is overdue on top, and the second person's decision."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import DateTimeField, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from unfold.decorators import display

from accounts.models import User
from approvals.services import actor_and_email
from disposal.approving import approval_of
from disposal.errors import DisposalError
from disposal.models import Case
from disposal.selectors import ORDER
from disposal.services import decide
from disposal.showing import by_category, due_chip
from tenants import clock
from tenants.desk import BookAdmin, ReadOnly

TONES = {
    "Overdue": "danger",
    "Due soon": "warning",
    "Waits for approval": "warning",
    "To be asked again": "warning",
    "Done": "success",
}


@admin.register(Case)
class CaseAdmin(ReadOnly, BookAdmin):
    """Exports and destructions that districts asked for."""

    list_display = ("shown_kind", "district", "scope", "shown_state", "due_on", "asked_at")
    list_filter = ("state", "kind", "scope")
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """With the moment, which is asked for once."""
        rows: QuerySet[Case] = super().get_queryset(request)
        return rows.annotate(seen_at=Value(clock.now(), output_field=DateTimeField()))

    def get_ordering(self, _request: HttpRequest) -> tuple[Any, ...]:
        """What is open first, by due date: what is overdue is on top."""
        return ORDER

    @display(description="request")
    def shown_kind(self, case: Case) -> str:
        """Export or destruction."""
        return case.get_kind_display()

    @display(description="state", label=TONES)
    def shown_state(self, case: Any) -> str:
        """The state, or that it is overdue or due soon."""
        return due_chip(case, clock.date_in(case.seen_at, case.district.time_zone)).words

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """One request; a POST decides it."""
        case = self.get_object(request, object_id)
        if case is None or not isinstance(request.user, User):
            raise Http404("There is no such request in your book.")
        error = ""
        if request.method == "POST":
            try:
                is_approved = request.POST.get("do") == "approve"
                reason, who = request.POST.get("reason", "")[:300], actor_and_email(request.user)
                decide(case, approved=is_approved, **who, reason=reason, at=clock.now())
            except DisposalError as refused:
                error = str(refused)
            else:
                messages.success(request, "The request is decided.")
                return redirect("admin:disposal_case_change", case.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{case.get_kind_display()}, {case.get_scope_display()}",
            "case": case,
            "chip": due_chip(case, clock.today_in(case.district.time_zone)),
            "approval": approval_of(case),
            "lines": by_category(case.counts),
            "total": sum(case.counts.values()),
            "error": error,
        }
        return render(request, "admin/disposal/case.html", context, status=400 if error else 200)

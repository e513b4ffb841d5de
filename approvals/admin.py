"""Approvals at the CSM's desk: what waits for a second person, and what was decided."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from unfold.decorators import display

from accounts.models import User
from approvals.errors import ApprovalError
from approvals.models import Approval, ApprovalState
from approvals.services import actor_and_email, approve, is_same_person, refuse, withdraw
from tenants import clock
from tenants.desk import BookAdmin, ReadOnly

STATES = {
    ApprovalState.ASKED.label: "warning",
    ApprovalState.APPROVED.label: "info",
    ApprovalState.USED.label: "success",
    ApprovalState.REFUSED.label: "danger",
    ApprovalState.STALE.label: "danger",
}
KINDS = {
    "destruction": "A destruction on request",
    "early_reset": "An early date",
    "repeat_reset": "Another reset",
    "restore": "A reset undone",
}
WAITING = Case(When(state=ApprovalState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField())


@admin.register(Approval)
class ApprovalAdmin(ReadOnly, BookAdmin):
    """What waits for a second person is on top."""

    list_display = ("shown_kind", "district", "shown_state", "asked_at", "expires_at")
    list_filter = ("state", "kind")
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    actions = None

    def get_ordering(self, _request: HttpRequest) -> tuple[object, ...]:
        """What waits first, then the newest."""
        return (WAITING, "-asked_at", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Approval]:
        """The own book's."""
        return super().get_queryset(request).select_related("district")

    @display(description="approval of")
    def shown_kind(self, approval: Approval) -> str:
        """What it is for."""
        return KINDS.get(approval.kind, approval.kind)

    @display(description="state", ordering="state", label=STATES)
    def shown_state(self, approval: Approval) -> str:
        """The state in words."""
        return approval.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_: object, **__: object) -> HttpResponse:
        """One approval with everything that it is bound to; a POST decides it or takes it back.

        Raises:
            Http404: there is none with this key in the own book.
        """
        approval = self.get_object(request, object_id)
        if approval is None or not isinstance(request.user, User):
            raise Http404("There is no such approval in your book.")
        if request.method == "POST":
            return self._decide(request, approval, request.user)
        return self._page(request, approval, request.user)

    def _decide(self, request: HttpRequest, approval: Approval, user: User) -> HttpResponse:
        reason, who = request.POST.get("reason", "")[:300], actor_and_email(user)
        now = clock.now()
        next_step = "The worker does it next." if approval.kind == "destruction" else "It can be started now."
        steps: dict[str, tuple[Callable[[], None], str]] = {
            "approve": (lambda: approve(approval, **who, at=now, reason=reason), f"Approved. {next_step}"),
            "refuse": (lambda: refuse(approval, **who, at=now, reason=reason), "Refused. Nothing will be done."),
            "withdraw": (lambda: withdraw(approval, actor=user.actor, at=now), "Taken back. Nothing will be done."),
        }
        if request.POST.get("do", "") not in steps:
            return self._page(request, approval, user)
        act, done = steps[request.POST["do"]]
        try:
            act()
        except ApprovalError as error:
            return self._page(request, approval, user, str(error), reason, 400)
        messages.success(request, done)
        return redirect(request.path)

    def _page(
        self, request: HttpRequest, approval: Approval, user: User, error: str = "", reason: str = "", status: int = 200
    ) -> HttpResponse:
        approval.refresh_from_db()
        context = {
            **admin.site.each_context(request),
            "title": f"{self.shown_kind(approval)}, {approval.district}",
            "approval": approval,
            "kind": self.shown_kind(approval),
            "case": _about(approval, "case"),
            "run": _about(approval, "run"),
            "scope": _scope(approval.scope),
            "is_own": is_same_person(approval, user.actor, user.email),
            "error": error,
            "reason": reason,
        }
        return render(request, "admin/approvals/approval.html", context, status=status)


def _about(approval: Approval, kind: str) -> str:
    """The key of what an approval is about, when it is of this kind."""
    said, _, key = approval.subject.partition(":")
    return key if said == kind else ""


def _scope(scope: Mapping[str, Any]) -> str:
    """In words what exactly would be done: `{"schools": null}` is the whole of it."""
    said = [f"{name} {_value(value)}" for name, value in sorted(scope.items()) if value not in (None, False, "", [])]
    return "; ".join(said) or "all of it"


def _value(value: Any) -> str:
    if value is True:
        return "yes"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

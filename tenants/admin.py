"""Districts, their CSMs and their jobs at the CSM's desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action, display

from tenants.desk import BookAdmin, DistrictNamed, EditedInline, ReadOnly, SuperusersOnly, actor_of, is_superuser
from tenants.errors import InvalidDistrictError
from tenants.models import ClosedDay, Csm, District, Job, JobState, RefusedTask
from tenants.services import provision_district
from tenants.validation import DistrictFacts, check_facts

FACTS = (
    "slug", "name", "nces_id", "time_zone", "school_year", "school_year_ends_on", "summer_session_ends_on",
    "rostering_starts_on",
)  # fmt: skip
NIGHTS = ("nightly_sync", "nightly_sync_hour", "removal_threshold_percent", "removal_threshold_people")
STATES = {JobState.WAITING: "info", JobState.RUNNING: "warning", JobState.DONE: "success", JobState.FAILED: "danger"}


class DistrictForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A district's facts, held to the same rules as by the command."""

    class Meta:
        model = District
        fields: ClassVar = [*FACTS, "csm", *NIGHTS]
        labels: ClassVar = {"slug": "Host name", "csm": "Customer success manager"}
        help_texts: ClassVar = {
            "slug": "The first label of the district's address, such as maple-valley. It never changes.",
            "time_zone": "An IANA name, such as America/Chicago.",
        }

    def clean(self) -> dict[str, Any]:
        """Tell each wrong field what is wrong and how to mend it."""
        cleaned: dict[str, Any] = super().clean() or {}
        said = {name: cleaned.get(name, getattr(self.instance, name)) for name in FACTS}
        if not self.errors:
            try:
                check_facts(DistrictFacts(**said))
            except InvalidDistrictError as error:
                raise ValidationError({_field(self, name): text for name, text in error.problems.items()}) from None
        return cleaned

    def clean_nightly_sync_hour(self) -> int:
        """An hour of the day."""
        hour: int = self.cleaned_data["nightly_sync_hour"]
        if hour > 23:
            raise ValidationError("Give a local hour from 0 to 23.")
        return hour


def _field(form: forms.BaseForm, name: str) -> str:
    return name if name in form.fields else NON_FIELD_ERRORS


class ClosedDayInline(EditedInline):
    """Days on which nothing of the district may be reset."""

    model = ClosedDay


@admin.register(District)
class DistrictAdmin(BookAdmin):
    """The book. Districts are made here, by the same service as everywhere; removing one is a command's."""

    district_column = "pk"
    form = DistrictForm
    inlines: ClassVar = [ClosedDayInline]
    actions_detail: ClassVar = ["visit"]
    list_display = ("name", "slug", "csm", "school_year", "school_year_ends_on", "rostering_starts_on", "is_open")
    list_filter = ("school_year", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("csm",)
    search_fields = ("name", "slug", "nces_id")
    search_help_text = "Name, host or NCES id"
    ordering = ("name",)

    @display(description="state", label={"In use": "success", "Removed": "danger"})
    def is_open(self, district: District) -> str:
        """Whether it is in use."""
        return "Removed" if district.removed_at else "In use"

    @action(description="Support visit", url_path="visit")
    def visit(self, _request: HttpRequest, object_id: int) -> HttpResponse:
        """The way to the page on which a visit is asked for."""
        return HttpResponseRedirect(reverse("admin:resets_visit", args=[object_id]))

    def get_fieldsets(self, request: HttpRequest, obj: District | None = None) -> Any:
        """A new district needs its facts only."""
        facts = ("The district", {"fields": [*FACTS, "csm"]})
        if obj is None:
            return [facts]
        nights = ("Nightly rosters and the brake on removals", {"fields": NIGHTS})
        return [facts, nights, ("The record", {"fields": ("schema_name", "created_at", "removed_at")})]

    def get_readonly_fields(self, request: HttpRequest, obj: District | None = None) -> tuple[str, ...]:
        """The host never changes; whose book it is, superusers decide."""
        own = () if is_superuser(request) else ("csm",)
        return own if obj is None else ("slug", "schema_name", "created_at", "removed_at", *own)

    def get_inlines(self, request: HttpRequest, obj: District | None) -> Any:
        """A new district's days and subscriptions are given once it is there."""
        return super().get_inlines(request, obj) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: District | None = None) -> bool:
        """A removed district is a record."""
        return obj is None or obj.removed_at is None

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Never here: `remove_district` drops the schema and keeps the row."""
        return False

    def save_model(self, request: HttpRequest, obj: District, form: Any, change: bool) -> None:
        """Provision a new district, whole or not at all; save an old one."""
        if change:
            super().save_model(request, obj, form, change)
            return
        csm = obj.csm if is_superuser(request) else Csm.objects.filter(email__iexact=_email(request)).first()
        facts = {name: getattr(obj, name) for name in FACTS}
        made = provision_district(**facts, csm=csm, actor=actor_of(request))
        obj.__dict__.update(made.__dict__)


def _email(request: HttpRequest) -> str:
    return str(getattr(request.user, "email", ""))


@admin.register(Csm)
class CsmAdmin(SuperusersOnly):
    """Whose book is whose: a CSM's log-in has the same e-mail address."""

    list_display = ("name", "email", "districts")
    search_fields = ("name", "email")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Csm]:
        """With the size of each book."""
        rows: QuerySet[Csm] = super().get_queryset(request)
        return rows.annotate(size=Count("book"))

    @display(ordering="size")
    def districts(self, csm: Any) -> int:
        """How many districts are in the book."""
        return int(csm.size)


@admin.register(Job)
class JobAdmin(ReadOnly, BookAdmin):
    """Background work, as the database remembers it."""

    list_display = ("kind", "district", "shown_state", "due_at", "attempts", "finished_at")
    list_filter = ("state", "kind")
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    ordering = ("-due_at", "pk")

    @display(description="state", ordering="state", label=STATES)
    def shown_state(self, job: Job) -> str:
        """The state, coloured."""
        return job.state


@admin.register(RefusedTask)
class RefusedTaskAdmin(ReadOnly, DistrictNamed):
    """Tasks that did not run because their district could not be entered safely."""

    fields = ("task", "shown_district", "schema_name", "reason", "refused_at")
    readonly_fields = ("shown_district",)
    list_display = ("task", "shown_district", "schema_name", "reason", "refused_at")
    list_filter = ("task",)
    search_fields = ("district_name", "district_slug", "schema_name")
    search_help_text = "District, or its schema"
    ordering = ("-pk",)

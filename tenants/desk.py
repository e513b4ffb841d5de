"""What every page of the CSM's desk shares: a CSM sees the own book, a superuser everything; most is for reading."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db.models import ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from tenants.models import District


def is_superuser(request: HttpRequest) -> bool:
    """Whether everything is open to whoever asks."""
    return bool(getattr(request.user, "is_superuser", False))


def own_book(request: HttpRequest) -> QuerySet[District]:
    """The districts that whoever asks may see: all of them, or those whose CSM has their e-mail address."""
    districts = District.objects.all()
    if is_superuser(request):
        return districts
    return districts.filter(csm__email__iexact=getattr(request.user, "email", ""))


PER_PAGE = 25
"""Rows of a list: what a screen or two holds. Drawing a row costs more than finding it."""


def desk_pages(site: AdminSite, views: Mapping[str, tuple[str, Any]]) -> list[URLPattern]:
    """Pages beside a list's own: URL names with address and view. They go first: the list's own take any key."""
    return [path(address, site.admin_view(view), name=name) for name, (address, view) in views.items()]


class BookAdmin(ModelAdmin):
    """Rows that belong to districts, narrowed to the own book, also in the choices of a form."""

    show_full_result_count = False
    list_per_page = PER_PAGE
    district_column: ClassVar[str] = "district_id"
    """Where a row keeps its district's key."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the own book."""
        rows: QuerySet[Any] = super().get_queryset(request)
        if is_superuser(request):
            return rows
        return rows.filter(**{f"{self.district_column}__in": own_book(request).values("pk")})

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **options: Any) -> Any:
        """A choice of districts offers, and takes, those of the own book only."""
        if db_field.related_model is District:
            options["queryset"] = own_book(request)
        return super().formfield_for_foreignkey(db_field, request, **options)


def school_years(school_year: int) -> str:
    """A school year as people write it: 2026 is `2025-26`."""
    return f"{school_year - 1}-{school_year % 100:02}"


class DistrictNamed(BookAdmin):
    """Rows that keep a district's bare number, which outlives it: shown, sorted and searched by the district's name."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With `district_name` and `district_slug`."""
        rows: QuerySet[Any] = super().get_queryset(request)
        district = District.objects.filter(pk=OuterRef("district_id"))
        named: QuerySet[Any] = rows.annotate(
            district_name=Subquery(district.values("name")[:1]), district_slug=Subquery(district.values("slug")[:1])
        )
        return named

    @display(description="district", ordering="district_name")
    def shown_district(self, row: Any) -> str:
        """The name; the bare number where there is no such district."""
        return str(row.district_name or row.district_id or "-")


class ReadOnly:
    """Nothing can be added, changed or deleted here: it is a record."""

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Never."""
        return False


class RecordInline(ReadOnly, TabularInline):
    """Lines of a record, below it."""

    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True


class LabelledLines(BaseInlineFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Lines whose every field says its name to a screen reader: in a table the label stands in the head only."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add the formset's own fields, and name them all."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name))


class EditedInline(TabularInline):
    """Lines that are edited, below what they belong to."""

    formset = LabelledLines
    extra = 0


class SuperusersOnly(ModelAdmin):
    """Closed to CSMs."""

    show_full_result_count = False
    list_per_page = PER_PAGE

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Nobody: what people did stays with their names."""
        return False


def actor_of(request: HttpRequest) -> str:
    """How records name whoever asks: role and key, never a name."""
    return str(getattr(request.user, "actor", "system:admin"))


admin.site.index_title = "Today"

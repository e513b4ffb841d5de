"""Reset windows at the CSM's desk: data that superusers edit and every CSM reads."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from resets.admin.forms import WindowForm
from resets.admin.runs import SuiteYearColumns
from resets.models import ResetWindow
from tenants.desk import is_superuser


@admin.register(ResetWindow)
class ResetWindowAdmin(SuiteYearColumns, ModelAdmin):
    """When a suite may be reset in a school year, for every district: a CSM, who answers for some of them, reads it."""

    form = WindowForm
    show_full_result_count = False
    list_display = ("suite_name", "years", "default_on", "earliest_on", "latest_on", "run_hour", "pauses_syncs")
    list_filter = ("school_year", "suite")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, _obj: ResetWindow | None = None) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Districts' dates stand on it."""
        return False

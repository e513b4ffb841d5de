"""The ledger at the CSM's desk."""

from django.contrib import admin

from ledger.models import LedgerEntry
from tenants.desk import DistrictNamed, ReadOnly


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly, DistrictNamed):
    """What was done, by whom, in counts. The database refuses to change it."""

    fields = ("shown_district", "number", "kind", "actor", "at", "facts")
    readonly_fields = ("shown_district",)
    list_display = ("shown_district", "number", "kind", "actor", "at")
    list_filter = ("kind",)
    search_fields = ("district_name", "district_slug", "=district_id", "actor")
    search_help_text = "District, its number, or an actor such as csm:4"
    ordering = ("-at", "-pk")

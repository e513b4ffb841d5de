"""The ledger at the CSM's desk."""

from django.contrib import admin
from unfold.decorators import display

from ledger.models import LedgerEntry
from tenants.desk import BookAdmin, ReadOnly


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly, BookAdmin):
    """What was done, by whom, in counts. The database refuses to change it."""

    list_display = ("entry", "kind", "actor", "at")
    list_filter = ("kind",)
    search_fields = ("=district_id", "actor")
    search_help_text = "A district's number, or an actor such as csm:4"
    ordering = ("-at", "-pk")

    @display(description="district / entry", ordering="district_id")
    def entry(self, row: LedgerEntry) -> str:
        """The district's number and the entry's in it."""
        return f"{row.district_id} / {row.number}"

"""Analysis: the packet is staged page by page, its school years get their partitions, and matches are looked for.

Each step is a transaction of its own that sees what is there already, so a process may die anywhere and another goes
on. The source's lock and the destination's are never held at once.
"""

import datetime as dt
from uuid import UUID

from ledger.services import append_entry
from products.partitions import ensure_partitions
from tenants.models import District
from tenants.schema import current_schema
from transfers.imports import reasons
from transfers.imports.holding import held_import, source_of
from transfers.imports.matches import find_matches
from transfers.imports.models import Import, ImportState, IncomingStudent, StagedRow
from transfers.imports.points import reached
from transfers.imports.services.failing import SYSTEM, fail_import
from transfers.imports.services.recalling import recalled_from
from transfers.packet.reading import PAGE, read_page
from transfers.packet.staging import last_staged, stage_students
from transfers.packet.tables import transferred_tables


def analyze_import(district: District, import_id: UUID | str, *, at: dt.datetime) -> None:
    """Bring an import of the entered district to its preview; again, or after it has ended, it does nothing.

    It fails with a plain reason when the previous site is gone, or nobody of the code is there any more.
    """
    transfer = Import.objects.get(pk=import_id)
    if transfer.state != ImportState.ANALYZING:
        return
    source = source_of(transfer)
    if source is None:
        fail_import(district, import_id, "the source district was removed", at=at, reason=reasons.SOURCE_GONE)
        return
    while _stage_page(district, source, transfer):
        reached("transfer_staged")
    if not IncomingStudent.objects.filter(transfer=transfer).exists():
        fail_import(district, import_id, "nobody of the offer has an identity", at=at, reason=reasons.NOBODY_LEFT)
        return
    ensure_years(transfer)
    reached("transfer_partitioned")
    _match(district, import_id, at)
    reached("transfer_ready")


def ensure_years(transfer: Import) -> None:
    """Make the partitions of all school years that come: outside of the transactions that need them."""
    years = StagedRow.objects.filter(incoming__transfer=transfer).values_list("school_year", flat=True).distinct()
    ensure_partitions(current_schema(), list(years), tables=transferred_tables())


def _stage_page(district: District, source: District, transfer: Import) -> bool:
    """Read and stage some students; whether there may be more."""
    after = last_staged(transfer)
    page = read_page(source, transfer.code_id, after=after, limit=PAGE)
    reached("transfer_read")
    with held_import(district, transfer.pk) as held:
        if held.state != ImportState.ANALYZING:
            return False
        if last_staged(held) != after:
            return True
        recalled = recalled_from(district, source.pk)
        if students := [each for each in page.students if each.person.source_key not in recalled]:
            stage_students(held, students)
    return page.last is not None


def _match(district: District, import_id: UUID | str, at: dt.datetime) -> None:
    with held_import(district, import_id) as transfer:
        if transfer.state != ImportState.ANALYZING:
            return
        find_matches(transfer)
        reached("transfer_matched")
        incoming = IncomingStudent.objects.filter(transfer=transfer)
        transfer.state, transfer.analyzed_at, transfer.students = ImportState.READY, at, incoming.count()
        transfer.save(update_fields=["state", "analyzed_at", "students"])
        facts = {
            "import": str(transfer.pk),
            "code": str(transfer.code_id),
            "source_district": transfer.source_district_id,
            "students": transfer.students,
            "matched": incoming.exclude(match_key=None).count(),
        }
        append_entry(district.pk, "transfer_analyzed", actor=SYSTEM, at=at, facts=facts)

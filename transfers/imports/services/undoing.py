"""Taking an import back, for 30 days: all or nothing of each student, by the lineage of their records, verified.

A student who was here before loses the records that the import brought, and nothing else. A student whom it made goes,
where nothing was built upon them. The code stays used.
"""

import datetime as dt
from uuid import UUID

from django.db.models import F

from ledger.services import append_entry
from resets.engine.proof import Done, baseline
from tenants.jobs.services import enqueue_job
from tenants.models import District
from tenants.schema import current_schema
from transfers.imports.errors import TransferRefusedError
from transfers.imports.holding import destroy_staged, held_import, rewrite_after, tell_source
from transfers.imports.kinds import EXPIRE
from transfers.imports.models import Import, ImportedStudent, ImportState, ScoreStatus, SourceStatus
from transfers.imports.services.undo_plan import HERE, UndoPreview, undo_preview
from transfers.imports.writing.identifiers import IDENTIFIERS
from transfers.imports.writing.lineage import take_records
from transfers.imports.writing.proof import count_owned, verify_records, verify_writes
from transfers.imports.writing.removal import remove_students


def undo_import(
    district: District,
    import_id: UUID | str,
    *,
    actor: str,
    at: dt.datetime,
    shown: tuple[int, int] | None = None,
) -> UndoPreview:
    """Take an import of the entered district back, student by student as its preview says.

    Args:
        shown: the students and records that the preview named; when they have changed, nothing is done.

    Returns:
        what was done.

    Raises:
        TransferRefusedError: it cannot be taken back (any more); nothing was changed.
        TransferError: verification failed; nothing was changed.
    """
    with held_import(district, import_id) as transfer:
        plan = undo_preview(transfer, at=at)
        if plan.refused:
            raise TransferRefusedError(plan.refused)
        if shown is not None and shown != plan.counts:
            raise TransferRefusedError(
                f"The data has changed since the page was opened: now {plan.counts[0]:,} students and "
                f"{plan.counts[1]:,} records would be taken back. Nothing was changed. Look again."
            )
        before, done = baseline(current_schema()), Done()
        _take_back(transfer, plan, done)
        done.add_all(destroy_staged(transfer))
        verify_writes(before, done)
        _finish(district, transfer, plan, actor, at)
        rewrite_after(district, transfer, done, at)
        if at >= transfer.expires_at:
            payload = {"import": str(transfer.pk)}
            enqueue_job(district, EXPIRE, f"{transfer.pk} {at.isoformat()}", due_at=at, payload=payload)
    return plan


def _take_back(transfer: Import, plan: UndoPreview, done: Done) -> None:
    students = [line.student for line in plan.possible]
    made = [line.student for line in plan.possible if line.removes]
    had = count_owned(students)
    taken = take_records(transfer, students, done)
    verify_records(had, count_owned(students), {name: -rows for name, rows in taken.items()})
    lines = ImportedStudent.objects.filter(pk__in=[line.line.pk for line in plan.possible])
    nobody = {"student": None, **dict.fromkeys(IDENTIFIERS, "")}
    updated = lines.filter(is_new=True).update(**nobody)
    updated += lines.update(source_status=SourceStatus.TAKEN_BACK, score_status=ScoreStatus.NONE, rows=0)
    done.add(ImportedStudent._meta.db_table, updated=updated)
    remove_students(made, done)


def _finish(district: District, transfer: Import, plan: UndoPreview, actor: str, at: dt.datetime) -> None:
    students, records = plan.counts
    left = ImportedStudent.objects.filter(transfer=transfer, student__isnull=False, source_status__in=HERE)
    Import.objects.filter(pk=transfer.pk).update(
        state=ImportState.UNDONE,
        undone_at=at,
        undone_by=actor,
        imported=left.count(),
        changed=left.filter(source_status=SourceStatus.CHANGED).count(),
        rows=F("rows") - records,
    )
    facts = {
        "import": str(transfer.pk),
        "code": str(transfer.code_id),
        "students": students,
        "removed": sum(line.removes for line in plan.possible),
        "kept": len(plan.lines) - students,
        "rows": records,
    }
    append_entry(district.pk, "transfer_undone", actor=actor, at=at, facts=facts)
    theirs = {**facts, "destination_district": district.pk}
    tell_source(transfer, "transfer_taken_back", actor="system:transfers", at=at, facts=theirs)

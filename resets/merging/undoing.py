"""Undoing a merge: each gets back what was theirs, exactly, as long as nothing has happened to it since."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import Q
from django_tenants.utils import schema_context

from ledger.services import append_entry
from products.partitions import history_opened
from products.partitions.catalogue import relations_in
from products.registry import suite_named
from resets.merging.errors import MergeRefusedError
from resets.merging.people import STUDENT, restore_people
from resets.merging.proof import check_references
from resets.merging.relations import Keyed, keyed_relations
from resets.merging.statements import Words
from resets.models import ResetRun, RunState
from rostering.models import MergeUndo, StudentMerge
from tenants.models import District
from tenants.schema import current_schema


def undo_refusal(district: District, merge: StudentMerge) -> str:
    """Why a merge cannot be undone (any more); empty when it can.

    It can be until the data of one of the two has been reset, or either has been merged again. When the one who stayed
    is anonymized, the merge's record is destroyed, so that there is nothing to ask about.
    """
    if merge.undone_at is not None:
        return "This merge was undone already."
    both = [merge.student_id, merge.merged_id]
    since = merge.undo.order_by("-pk").values("pk")[:1]
    later = StudentMerge.objects.filter(Q(student_id__in=both) | Q(merged_id__in=both), undone_at=None)
    if later.filter(undo__pk__gt=since).exclude(pk=merge.pk).exists():
        return "One of the two has been merged again since. Undo that merge first."
    suites = _suites_of(merge)
    with schema_context("public"):
        run = (
            ResetRun.objects.filter(
                district=district, suite__in=suites, state=RunState.COMPLETED, finished_at__gte=merge.at
            )
            .order_by("finished_at")
            .first()
        )
    if run is None:
        return ""
    on = f"{run.on:%B} {run.on.day}, {run.on.year}"
    return f"The data of {suite_named(run.suite).name} was reset on {on}: it cannot be told apart any more."


def undo_merge(district: District, merge_id: UUID | str, *, actor: str, at: dt.datetime) -> StudentMerge:
    """Undo a merge of the entered district: rows that moved go back, rows that were put aside come back.

    Rows that came after the merge stay with the one who stayed.

    Raises:
        MergeRefusedError: it cannot be undone (any more); nothing was changed.
    """
    try:
        with history_opened(district):
            merge = StudentMerge.objects.get(pk=merge_id)
            if reason := undo_refusal(district, merge):
                raise MergeRefusedError(reason)
            counts = _give_back(merge)
            restore_people(merge)
            merge.undo.all().delete()
            check_references()
            merge.undone_at, merge.undone_by = at, actor
            merge.save(update_fields=["undone_at", "undone_by"])
            facts = {"merge": str(merge.pk), "stays": merge.student_id, "merged": merge.merged_id, **counts}
            append_entry(district.pk, "merge_undone", actor=actor, at=at, facts=facts)
    except IntegrityError as error:
        raise MergeRefusedError(
            "A row that would come back clashes with one that came since, so nothing was changed. Ask your customer "
            "success manager."
        ) from error
    return merge


def _suites_of(merge: StudentMerge) -> set[str]:
    """The suites of which the merge moved something or put it aside."""
    touched = {name for kind in ("moved", "aside") for name, rows in merge.counts.get(kind, {}).items() if rows}
    return {
        keyed.suite.code
        for keyed in keyed_relations()
        if touched & {keyed.relation, *(child for child, _ in keyed.children)}
    }


def _give_back(merge: StudentMerge) -> dict[str, dict[str, int]]:
    """Backwards through what was done; returns the rows given back and brought back, by relation."""
    keyed_by = {keyed.relation: keyed for keyed in keyed_relations()}
    words = Words(merge.student_id, merge.merged_id, str(merge.pk))
    given: dict[str, int] = {}
    brought: dict[str, int] = {}
    entries = list(MergeUndo.objects.filter(merge=merge).exclude(relation=STUDENT).order_by("-position"))
    there = relations_in(current_schema(), [entry.relation for entry in entries])
    with connection.cursor() as cursor:
        for entry in entries:
            name = entry.relation
            if name not in there:
                continue  # a reset's undo table, whose time is over
            keyed: Keyed | None = keyed_by.get(name)
            if keyed is not None and entry.moved:
                cursor.execute(words.give_back(keyed))
                given[name] = int(cursor.rowcount)
            if entry.aside:
                cursor.execute(words.bring_back(name))
                brought[name] = int(cursor.rowcount)
    return {"given_back": given, "brought_back": brought}

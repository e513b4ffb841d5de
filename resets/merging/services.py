"""The merge: one transaction under the district's lock, verified before it commits."""

import datetime as dt

from django.db import connection

from ledger.services import append_entry
from products.partitions import history_opened
from resets.engine.proof import baseline
from resets.merging.counts import Rows, count_rows
from resets.merging.errors import MergeRefusedError
from resets.merging.people import check_pair, write_people
from resets.merging.proof import Done, check_references, verify_counts, verify_writes
from resets.merging.relations import Keyed, keyed_relations
from resets.merging.statements import Words
from rostering.models import StudentMerge
from tenants.models import District
from tenants.schema import current_schema


def merge_students(
    district: District, stays: int, goes: int, *, actor: str, at: dt.datetime, shown: tuple[int, int] | None = None
) -> StudentMerge:
    """Merge one student of the entered district into another.

    Args:
        stays, goes: their keys; the first one's record stays.
        shown: the rows that the preview said would move and be put aside; when they have changed, nothing is done.

    Returns:
        the record of the merge, by which it can be undone.

    Raises:
        MergeRefusedError: these two cannot be merged; nothing was changed.
        MergeError: verification failed; nothing was changed.
    """
    with history_opened(district):
        survivor, other = check_pair(stays, goes)
        before = baseline(current_schema())
        relations = keyed_relations()
        seen = count_rows(relations, stays, goes)
        _check_shown(relations, seen, shown)
        merge = StudentMerge.objects.create(student=survivor, merged_id=goes, actor=actor, at=at)
        write_people(merge, survivor, other)  # before the identities move: it reads the sourcedId
        done = _move(relations, seen, Words(stays, goes, str(merge.pk)))
        check_references()
        verify_counts(relations, seen, stays, goes, done)
        verify_writes(before, done)
        merge.counts = {"moved": done.moved, "aside": done.aside}
        merge.save(update_fields=["counts"])
        facts = {"merge": str(merge.pk), "stays": stays, "merged": goes, **merge.counts}
        append_entry(district.pk, "students_merged", actor=actor, at=at, facts=facts)
    return merge


def _move(relations: tuple[Keyed, ...], seen: dict[str, Rows], words: Words) -> Done:
    """Relation by relation, only where the other has rows; children aside before their parents."""
    done = Done()
    with connection.cursor() as cursor:
        for position, keyed in enumerate(relations, start=1):
            rows = seen[keyed.relation]
            if not rows.goes:
                continue
            for child, column in keyed.children if rows.aside else ():
                cursor.execute(words.put_children_aside(keyed, child, column, 2 * position))
                done.aside[child] = int(cursor.fetchone()[0])
            cursor.execute(words.put_aside(keyed, 2 * position + 1))
            done.aside[keyed.relation] = int(cursor.fetchone()[0])
            cursor.execute(words.give(keyed))
            done.moved[keyed.relation] = int(cursor.fetchone()[0])
    return done


def _check_shown(relations: tuple[Keyed, ...], seen: dict[str, Rows], shown: tuple[int, int] | None) -> None:
    names = [
        name for keyed in relations if not keyed.is_record for name in (keyed.relation, *(n for n, _ in keyed.children))
    ]
    now = sum(seen[name].moved for name in names), sum(seen[name].aside for name in names)
    if shown is not None and now != shown:
        raise MergeRefusedError(
            f"The data has changed since the page was opened: now {now[0]:,} rows would move and {now[1]:,} be put "
            "aside. Nothing was changed. Look again."
        )

"""One student destroyed: every row, in one verified transaction; files, storage and the search follow as jobs."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from psycopg import sql

from archiving.database import number
from archiving.files import keep_file_names
from disposal.approving import use_for
from disposal.bundles import remove_bundles
from disposal.concerned import STUDENT, Theirs, choose, count_theirs, their_rows
from disposal.errors import DisposalError
from disposal.models import Case, CaseState
from disposal.requests.models import DisposalRequest
from holds.selectors import held_students
from ledger.dispositions import write_ahead
from ledger.replaying import current_replay
from ledger.services import append_entry
from products.partitions.guard import history_opened
from resets.controls import check_going_on, confirm_going_on
from resets.engine import events
from resets.engine.answers import BY_RELATION, answers
from resets.engine.followups import enqueue_file_removal, enqueue_rewrite
from resets.engine.proof import NOTHING, Done, Written, baseline, run_deferred_checks, strangers, written_relations
from resets.engine.record import tables_of
from resets.policies.registry import policy_for
from rostering.signals import students_erased
from sweeps.services import Samples, ask_sweep, keep_samples
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import current_schema
from transfers.imports.services import ask_recall, codes_for

KEYS = "SELECT old_id FROM pg_temp.leavers"
HERE = "SELECT l.old_id FROM pg_temp.leavers AS l JOIN {student} AS s ON s.id = l.old_id"


def preview_student(district: District, student_id: int, *, refuse_held: bool = True) -> dict[str, int]:
    """What there is of a student of the entered district: rows by relation.

    Raises:
        DisposalError: the student is on legal hold, where that is asked for.
    """
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        if refuse_held:
            _check_holds(student_id)
        choose([student_id])
        return count_theirs(their_rows())


def destroy_student(district: District, case: Case, *, at: dt.datetime) -> dict[str, int]:
    """Destroy every row of the case's student in the entered district; done twice it does nothing more.

    Returns:
        rows by relation.

    Raises:
        ApprovalError: it is not approved, or there is more than was approved; nothing was changed.
        DisposalError: the student is on hold, or verification failed; nothing was changed.
        WorkStoppedError: a person has stopped all destructive work.
    """
    check_going_on()
    with history_opened(district):
        kept = Case.objects.get(pk=case.pk)
        if kept.state == CaseState.DONE:
            return dict(kept.counts)
        before = baseline(current_schema())
        gone = _choose(kept)
        destroyed = _destroy(gone, before)
        _record(district, kept, gone, destroyed, at)
        confirm_going_on()
        events.reached("destruction_recorded")
    events.reached("destruction_committed")
    return destroyed.counted


@dataclass(frozen=True)
class Gone:
    """Whom a destruction concerns.

    Attributes:
        token: names what the destruction leaves to do.
        keys: of the records that are there.
        known: as other districts may know them: under the keys of records that were merged, too.
        codes: by which other districts can fetch them, or did.
    """

    token: str
    keys: list[int]
    known: list[int]
    codes: tuple[UUID, ...]

    @property
    def rewrite(self) -> str:
        """What the keys of the rewrites begin with."""
        return f"destruction {self.token}"


@dataclass(frozen=True)
class Destroyed:
    """What was deleted, and what is left to do after the commit.

    Attributes:
        counted: rows by relation, as they were counted before.
        samples: what is searched for afterwards.
        files: the table with the names of stored files; empty when there are none.
    """

    counted: dict[str, int]
    done: Done
    samples: Samples
    files: str


def _choose(case: Case) -> Gone:
    """Choose whom it concerns, for the transaction.

    Raises:
        DisposalError: the student is on legal hold.
    """
    replay = current_replay()
    if replay is None:
        _check_holds(_student_of(case))
    choose(replay.keys if replay else [_student_of(case)])
    known = _numbers(KEYS)
    return Gone(uuid4().hex[:12], _numbers(HERE), known, codes_for(known))


def _destroy(gone: Gone, before: dict[str, Written]) -> Destroyed:
    """Delete every row of whoever was chosen, verified: nothing is left, and nothing else was written."""
    rows = their_rows()
    counted, students = count_theirs(rows), _students()
    samples, files = keep_samples(sql.SQL(KEYS)), keep_file_names(f"files_destroyed_{gone.token}")
    events.reached("destruction_counted")
    done = _delete(rows)
    events.reached("destruction_deleted")
    _verify(rows, counted, students - len(gone.keys), done, before, {samples.table, files})
    return Destroyed(counted, done, samples, files)


def _record(district: District, case: Case, gone: Gone, destroyed: Destroyed, at: dt.datetime) -> None:
    """The ledger's entry, the case, and what follows: recalls, the search, files removed, storage rewritten."""
    approvers = use_for(case, destroyed.counted, at)
    recalled = ask_recall(district, gone.codes, gone.known, reference=str(case.pk), at=at)
    facts = {**_facts(case, gone, destroyed, approvers), "recalled_from": recalled}
    entry = append_entry(district.pk, "destruction", actor=approvers[1], at=at, facts=facts)
    write_ahead(district.pk, entry, gone.keys)
    ask_sweep(district, destroyed.samples, what="destruction", ledger_number=entry, at=at)
    remove_bundles(district, f"files_bundles_{gone.token}", destroyed.samples, at)
    if destroyed.files:
        enqueue_file_removal(district, destroyed.files, at)
    enqueue_rewrite(district, gone.rewrite, destroyed.done, at)
    case.state, case.done_at, case.ledger_number, case.counts = CaseState.DONE, at, entry, destroyed.counted
    case.save()
    erased = frozenset(gone.known)
    students_erased.send(Case, district=district, keys=erased, actor=approvers[1], at=at, entry=entry)


def _facts(case: Case, gone: Gone, destroyed: Destroyed, approvers: tuple[str, str]) -> dict[str, Any]:
    rows = sum(destroyed.counted.values())
    return {
        "case": str(case.pk),
        "scope": "student",
        "policy": policy_for("disposal").version,
        "tables": tables_of(destroyed.done),
        "categories": {"student": {"before": rows, "deleted": rows}},
        "approval": str(case.approval_id),
        "approvers": list(approvers),
        "rewrite": gone.rewrite,
    }


def _student_of(case: Case) -> int:
    return int(DisposalRequest.objects.values_list("student_id", flat=True).get(pk=case.pk) or 0)


def _check_holds(student_id: int) -> None:
    held = sql.SQL("SELECT count(*) FROM ({}) AS h(id) WHERE h.id = {}")
    if number(held.format(held_students(current_schema()), sql.Literal(student_id))):
        raise DisposalError("This student is on legal hold: nothing of them is destroyed until the hold is lifted.")


def _delete(rows: tuple[Theirs, ...]) -> Done:
    schema, done = current_schema(), Done()
    for each in rows:
        statement = sql.SQL("DELETE FROM {} AS t WHERE {} RETURNING t.tableoid")
        deleted = answers(BY_RELATION.format(statement.format(sql.Identifier(schema, each.relation), each.condition)))
        for relation, count in deleted.items():
            done.add(relation, deleted=count)
    run_deferred_checks()
    return done


def _verify(
    rows: tuple[Theirs, ...],
    counted: dict[str, int],
    students: int,
    done: Done,
    before: dict[str, Written],
    own: set[str],
) -> None:
    """Nothing of the student is left, as many rows went as were counted, and nothing else was written."""
    if left := count_theirs(rows):
        raise DisposalError(f"rows are left in {', '.join(left)}")
    deleted = sum(each.deleted for each in done.values())
    if deleted != sum(counted.values()) or _students() != students:
        raise DisposalError(f"{sum(counted.values()):,} rows were counted, and {deleted:,} deleted")
    here, elsewhere = written_relations(current_schema(), before)
    others = strangers(elsewhere)
    written = {name: each for name, each in here.items() if each != NOTHING and name not in own}
    if others or written != dict(done):
        told = others or sorted(name for name in written.keys() | done.keys() if written.get(name) != done.get(name))
        raise DisposalError(f"other rows were written than those that were to be destroyed: {', '.join(told)}")


def _students() -> int:
    return number(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(current_schema(), STUDENT)))


def _numbers(query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(student=sql.Identifier(current_schema(), STUDENT)))
        return [int(row[0]) for row in cursor.fetchall()]

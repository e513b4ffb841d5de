"""A model of codes and imports among three districts, driven at random beside the real thing.

The model knows children and scores only. It is told by the log which record a student went to, and by the undo's answer
who was taken back; what must then be in every record it works out by itself.
"""

import datetime as dt
import itertools
import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection, transaction
from psycopg import sql

from archiving.services import anonymize_leavers
from products.literacy.models import StudentAccount
from products.models import Subscription
from products.partitions import ensure_partitions
from products.renaissance.models import Quiz
from resets.engine import execute
from resets.models import ResetRun, RunState
from rostering.models import School, Student, StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.support.hashing import hash_schema
from tests.transfers.engine.world import ADMIN, NOW, make_school, make_student
from transfers.codes.errors import CodeRefusedError, NotRevocableError
from transfers.codes.models import CodeState, TransferCode
from transfers.codes.services import Choice, find_code, generate_code, redeem_code, revoke_code
from transfers.imports.errors import TransferError
from transfers.imports.models import Import, ImportedStudent, ImportState, IncomingStudent
from transfers.imports.services import (
    analyze_import,
    approval_refusal,
    approve_import,
    cancel_import,
    expire_import,
    import_students,
    undo_import,
)
from transfers.review.deciding import create_new_student, match_student

SURNAME = "Sentinelson-4711"
YEAR = 2026
SUITES = ("math", "hero")
numbers = itertools.count(1)


@dataclass
class Record:
    """A child's record in a district; `alive` until it is anonymized."""

    child: int
    scores: set[int] = field(default_factory=set)
    alive: bool = True


@dataclass
class Coming:
    """An import: where, of which code, what was staged of each student of the source, what each brought to whom.

    What its log says of a student holds until it is taken back: `promised`, also where it was known already.
    """

    district: int
    code: uuid.UUID
    staged: dict[int, tuple[int, set[int]]] = field(default_factory=dict)
    brought: dict[int, set[int]] = field(default_factory=dict)
    promised: dict[int, set[int]] = field(default_factory=dict)


class Districts:
    """The districts, the model of what is in them, and what can be done."""

    def __init__(self, districts: tuple[District, ...]) -> None:
        self.districts = districts
        self.now = NOW
        self.records: dict[tuple[int, int], Record] = {}
        self.gone: list[tuple[int, Record]] = []
        self.codes: dict[uuid.UUID, tuple[int, list[int]]] = {}
        self.texts: dict[uuid.UUID, str] = {}
        self.imports: dict[uuid.UUID, Coming] = {}
        self.reset: set[tuple[int, str]] = set()
        with transaction.atomic():
            self.schools = [make_school(district, f"School {number}") for number, district in enumerate(districts)]
            for number, district in enumerate(districts):
                Subscription.objects.create(district=district, product="star_math", starts_on=dt.date(2020, 8, 1))
                self.add_child(number)

    def add_child(self, district: int) -> None:
        """A new child on a district's roster, with two scores."""
        child = next(numbers)
        ensure_partitions(self.districts[district].schema_name, [YEAR])
        key = make_student(
            self.districts[district], self.schools[district], f"Given{child}", SURNAME, state_id=f"ST-{child}",
            student_number=f"N-{child % 3}",
        )  # fmt: skip
        self.records[district, key] = Record(child)
        self.take_quiz(district, key)
        self.take_quiz(district, key)

    def take_quiz(self, district: int, student: int) -> None:
        """One more score."""
        score = next(numbers)
        with enter_district(self.districts[district]):
            Quiz.objects.create(
                id=uuid.uuid4(), product="accelerated_reader", quiz_number=score, title="The River", percent_correct=90,
                points_earned=1, school_year=YEAR, school_id=self.schools[district], student_id=student,
                occurred_on=dt.date(2025, 10, 3),
            )  # fmt: skip
        self.records[district, student].scores.add(score)

    def generate(self, district: int, student: int | None) -> None:
        """A code for one student of a district, or for the whole grade."""
        chosen = Choice.one_student(student) if student else Choice.whole_grade(self.schools[district], "03")
        with enter_district(self.districts[district]) as entered:
            made = generate_code(entered, chosen, actor=ADMIN, at=self.now)
        everybody = [key for where, key in self.records if where == district]
        self.codes[made.code.pk] = (district, [student] if student else everybody)
        self.texts[made.code.pk] = made.text
        assert made.code.students == len(self.codes[made.code.pk][1])

    def redeem(self, code_id: uuid.UUID, district: int) -> None:
        """Enter a code: it works if it is open, another site's, and somebody is left; and never twice."""
        source, students = self.codes[code_id]
        is_open = TransferCode.objects.get(pk=code_id).state(self.now) == CodeState.OPEN
        may = is_open and source != district and any((source, key) in self.records for key in students)
        held = [pk for pk, coming in self.imports.items() if coming.code == code_id and self._holds(pk)]
        assert not (is_open and held), "an open code is held by nobody"
        with self.only(district) as entered:
            try:
                found = find_code(entered, self.texts[code_id].lower(), actor=ADMIN, at=self.now)
                school = School.objects.get(pk=self.schools[district])
                transfer = redeem_code(entered, found, school=school, actor=ADMIN, at=self.now)
            except CodeRefusedError:
                assert not may
                return
        assert may
        self.imports[transfer.pk] = Coming(district, code_id)

    def revoke(self, code_id: uuid.UUID) -> None:
        """Take a code back that nobody has used."""
        may = TransferCode.objects.get(pk=code_id).state(self.now) == CodeState.OPEN
        with self.only(self.codes[code_id][0]) as entered:
            try:
                revoke_code(entered, code_id, actor=ADMIN, at=self.now)
            except NotRevocableError:
                assert not may
                return
        assert may

    def analyze(self, key: uuid.UUID) -> None:
        """Do the analysis' job: what is staged is what the source has of those who still have a name."""
        coming = self.imports[key]
        waiting = self.state(key) == ImportState.ANALYZING
        with self.only(coming.district) as district:
            analyze_import(district, key, at=self.now)
        source, students = self.codes[coming.code]
        if waiting:
            there = {key: self.records[source, key] for key in students if (source, key) in self.records}
            coming.staged = {key: (record.child, set(record.scores)) for key, record in there.items()}
            assert self.state(key) == (ImportState.READY if there else ImportState.FAILED)

    def review(self, key: uuid.UUID, which: int, other: int) -> None:
        """Decide about one student: a record of the site that nobody else of the import has, or a new one."""
        coming = self.imports[key]
        with enter_district(self.districts[coming.district]):
            rows = list(IncomingStudent.objects.filter(transfer_id=key).order_by("pk"))
            if not rows or self.state(key) not in (ImportState.READY, ImportState.COMPLETED):
                return
            row = rows[which % len(rows)]
            taken = {each.match_key for each in rows}
            free = sorted(pk for number, pk in self.records if number == coming.district and pk not in taken)
            try:
                if free and other % 3:
                    match_student(row.pk, free[other % len(free)], row.version, actor=ADMIN, at=self.now)
                else:
                    create_new_student(row.pk, row.version, actor=ADMIN, at=self.now)
            except TransferError:
                assert approval_refusal(Import.objects.get(pk=key), self.now)

    def import_(self, key: uuid.UUID) -> None:
        """Approve and import, where that can be done; each record then has what it had and what came, once."""
        coming = self.imports[key]
        with self.only(coming.district) as district:
            try:
                approve_import(district, key, actor=ADMIN, at=self.now)
            except TransferError:
                return
            import_students(district, key, at=self.now)
            import_students(district, key, at=self.now)
            lines = list(ImportedStudent.objects.filter(transfer_id=key, source_key__in=coming.staged))
        for line in lines:
            if line.student_id is not None:
                child, scores = coming.staged.pop(line.source_key)
                record = self.records.setdefault((coming.district, line.student_id), Record(child))
                coming.brought[line.student_id] = scores - record.scores
                coming.promised[line.student_id] = scores
                record.scores |= scores

    def cancel(self, key: uuid.UUID) -> None:
        """Cancel, where that can be done: the code is open again."""
        coming = self.imports[key]
        may = self.state(key) in (ImportState.ANALYZING, ImportState.READY)
        with self.only(coming.district) as district:
            try:
                cancel_import(district, key, actor=ADMIN, at=self.now)
            except TransferError:
                assert not may
                return
        assert may
        coming.staged = {}
        assert TransferCode.objects.get(pk=coming.code).redeemed_at is None

    def undo(self, key: uuid.UUID) -> None:
        """Take an import back, where that can be done: each record loses what it brought, or goes."""
        coming = self.imports[key]
        with self.only(coming.district) as district:
            try:
                plan = undo_import(district, key, actor=ADMIN, at=self.now)
            except TransferError:
                return
        for line in plan.possible:
            record = self.records[coming.district, line.student]
            brought = coming.brought.pop(line.student)
            del coming.promised[line.student]
            assert len(brought) == line.records
            record.scores -= brought
            if line.removes:
                assert not record.scores
                del self.records[coming.district, line.student]
        coming.staged = {}

    def pass_time(self, days: int) -> None:
        """Let days pass, and do what expires with them."""
        self.now += dt.timedelta(days=days)
        for key, coming in self.imports.items():
            with self.only(coming.district) as district:
                expire_import(district, key, at=self.now)
                if not IncomingStudent.objects.filter(transfer_id=key).exists():
                    coming.staged = {}

    def anonymize(self, district: int, student: int) -> None:
        """A student's ninety days are over: the record has no name any more, and keeps its scores."""
        self.now += dt.timedelta(seconds=1)
        with enter_district(self.districts[district]) as entered:
            StudentAccount.objects.create(student_id=student, product="language_literacy", created_on=NOW.date())
            Student.objects.filter(pk=student).update(school_year=2019)
            assert anonymize_leavers(entered, "literacy", 2019, actor="system:tests", at=self.now) == 1
        record = self.records.pop((district, student))
        record.alive = False
        self.gone.append((district, record))

    def reset_suite(self, district: int, suite: str) -> None:
        """A suite is reset: transfers do not notice."""
        if (district, suite) in self.reset:
            return
        self.reset.add((district, suite))
        run = ResetRun.objects.create(
            district=self.districts[district], suite=suite, school_year=YEAR, on=dt.date(2026, 7, 28), actor="csm:1",
            created_at=self.now,
        )  # fmt: skip
        assert execute(run.pk) == RunState.COMPLETED

    def state(self, key: uuid.UUID) -> str:
        """An import's state."""
        with enter_district(self.districts[self.imports[key].district]):
            return str(Import.objects.values_list("state", flat=True).get(pk=key))

    def _holds(self, key: uuid.UUID) -> bool:
        return self.state(key) not in (ImportState.CANCELLED,)

    def imports_in(self, *states: str) -> list[uuid.UUID]:
        """The imports in some states, or all when none is: what cannot be done is tried too."""
        return [key for key in self.imports if self.state(key) in states] or list(self.imports)

    def only(self, district: int) -> "OnlyThere":
        """Enter a district, and hold the others against what they were before."""
        return OnlyThere(self, district)

    def check(self) -> None:
        """The invariants: no score lost or doubled, each code used once at a time."""
        for number, district in enumerate(self.districts):
            with connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL("SELECT student_id, quiz_number FROM {}").format(
                        sql.Identifier(district.schema_name, "renaissance_quiz")
                    )
                )
                rows = cursor.fetchall()
            found = Counter(rows)
            here = {(key, score) for (where, key), r in self.records.items() if where == number for score in r.scores}
            assert not {pair for pair, times in found.items() if times > 1}, "a score is there twice"
            assert here <= set(found), "a score is lost"
            nameless = Counter(score for (key, score) in rows if (number, key) not in self.records)
            assert nameless == Counter(score for where, r in self.gone if where == number for score in r.scores)
        for coming in self.imports.values():
            for key, scores in coming.promised.items():
                record = self.records.get((coming.district, key))
                assert record is None or scores <= record.scores, "another import's undo took what this one counts on"
        for code_id in self.codes:
            holding = [pk for pk, coming in self.imports.items() if coming.code == code_id and self._holds(pk)]
            assert len(holding) <= 1, "a code was used twice"

    def check_public(self) -> None:
        """No name outside of the districts' schemas."""
        tables = [name for name, digest in hash_schema("public").items() if not digest.startswith("0:")]
        with connection.cursor() as cursor:
            for name in tables:
                text = sql.SQL("SELECT count(*) FROM {} AS t WHERE t::text LIKE %s")
                cursor.execute(text.format(sql.Identifier("public", name)), [f"%{SURNAME}%"])
                assert cursor.fetchone() == (0,), name


class OnlyThere:
    """A district that is entered while the others must stay as they are."""

    def __init__(self, world: Districts, district: int) -> None:
        self.district = world.districts[district]
        self.others = [each for each in world.districts if each is not self.district]

    def __enter__(self) -> District:
        self.before = [digest_of(each) for each in self.others]
        self.context = enter_district(self.district)
        return self.context.__enter__()

    def __exit__(self, *error: object) -> None:
        self.context.__exit__(None, None, None)
        if error[0] is None or (isinstance(error[0], type) and issubclass(error[0], TransferError)):
            assert [digest_of(each) for each in self.others] == self.before, "another district was touched"


def digest_of(district: District) -> tuple[object, ...]:
    """Students, identities, offers and scores of a district."""
    tables = [Student, StudentIdentity, Quiz, ImportedStudent, IncomingStudent]
    parts = [
        sql.SQL("(SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {} AS t)").format(
            sql.Identifier(district.schema_name, model._meta.db_table)
        )
        for model in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(parts)))
        return tuple(cursor.fetchone())

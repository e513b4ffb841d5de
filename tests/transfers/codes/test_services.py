"""Codes generated, looked up, used, released and revoked: the source's answer in each case."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django_tenants.utils import schema_context

from ledger.models import LedgerEntry
from products.models import Subscription
from rostering.models import School, Student, StudentIdentity
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.transfers.engine.world import ADMIN, NOW, make_school, make_student
from transfers.codes import errors, guesses
from transfers.codes.models import CodeState, Kind, TransferCode
from transfers.codes.services import (
    Choice,
    NewCode,
    find_code,
    generate_code,
    preview_code,
    redeem_code,
    release_code,
    revoke_code,
)
from transfers.codes.symbols import new_code, read_code, written
from transfers.imports.models import Import, ImportState, Offer, OfferedStudent
from transfers.imports.services import cancel_import, fail_import

DAY = dt.timedelta(days=1)
EXPIRES = NOW + 30 * DAY
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _no_guesses_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def old_school(district: District) -> int:
    """The source's school: three in grade 3, one of whom has left, and one in grade 4."""
    subscribe(district)
    school = make_school(district)
    for given, grade in (("Ana", "03"), ("Ben", "03"), ("Cleo", "03"), ("Dara", "04")):
        make_student(district, school, given, "Hill", grade=grade)
    with enter_district(district):
        Student.objects.filter(identity__given_name="Cleo").update(status="inactive")
    return school


@pytest.fixture
def new_school(other_district: District) -> School:
    subscribe(other_district)
    key = make_school(other_district, "Roosevelt")
    with enter_district(other_district):
        return School.objects.get(pk=key)


def subscribe(district: District) -> None:
    with schema_context("public"):
        Subscription.objects.create(district=district, product="star_math", starts_on=dt.date(2025, 8, 1))


def generate(district: District, choice: Choice, **facts: Any) -> NewCode:
    with enter_district(district):
        return generate_code(district, choice, actor=ADMIN, at=NOW, **facts)


def grade_code(district: District, school: int) -> NewCode:
    return generate(district, Choice.whole_grade(school, "03"))


def find(district: District, typed: str, at: dt.datetime = NOW, actor: str = ADMIN) -> TransferCode:
    with enter_district(district):
        return find_code(district, typed, actor=actor, at=at)


def redeem(district: District, code: TransferCode, school: School, at: dt.datetime = NOW) -> Import:
    with enter_district(district):
        return redeem_code(district, code, school=school, actor=ADMIN, at=at)


def kinds(district: District) -> list[str]:
    return list(LedgerEntry.objects.filter(district_id=district.pk).values_list("kind", flat=True))


def test_a_grade_is_frozen_when_the_code_is_made(district: District, old_school: int) -> None:
    made = grade_code(district, old_school)
    with enter_district(district):
        make_student(district, old_school, "Late", "Hill", grade="03")
        offered = OfferedStudent.objects.filter(offer_id=made.code.pk)
        names = set(offered.values_list("student__identity__given_name", flat=True))
    assert names == {"Ana", "Ben"}
    assert (made.code.students, made.offer.students, made.code.kind) == (2, 2, Kind.GRADE)
    assert made.code.expires_at == EXPIRES


def test_the_public_schema_knows_a_hash_and_no_code(district: District, old_school: int) -> None:
    made = grade_code(district, old_school)
    symbols = read_code(made.text)
    row = str(TransferCode.objects.filter(pk=made.code.pk).values().get())
    assert symbols not in row
    assert made.text not in row
    assert len(made.code.mac) == 64
    told = str(list(LedgerEntry.objects.filter(district_id=district.pk).values()))
    assert symbols not in told
    assert "Ana" not in told


def test_another_secret_knows_no_code(
    district: District, other_district: District, old_school: int, new_school: School, settings: Any
) -> None:
    made = grade_code(district, old_school)
    settings.TRANSFER_CODE_SECRET = "another one"
    with pytest.raises(errors.UnknownCodeError):
        find(other_district, made.text)


def test_one_student_and_a_school_admins_own(district: District, old_school: int) -> None:
    elsewhere = make_school(district, "Elsewhere")
    ana = make_student(district, elsewhere, "Ana", "Else", grade="05")
    made = generate(district, Choice.one_student(ana), school_id=elsewhere)
    assert (made.offer.school_id, made.offer.grade, made.code.students) == (elsewhere, "05", 1)
    with pytest.raises(errors.NobodyToGiveError, match="you may transfer data from"):
        generate(district, Choice.one_student(ana), school_id=old_school)
    with pytest.raises(errors.NobodyToGiveError):
        generate(district, Choice.whole_grade(elsewhere, "05"), school_id=old_school)


@pytest.mark.parametrize("change", ["left", "anonymized", "no school", "closed school"])
def test_only_who_is_enrolled_can_be_transferred(district: District, old_school: int, change: str) -> None:
    ana = make_student(district, old_school, "Ana", "Gone", grade="07")
    with enter_district(district):
        if change == "left":
            Student.objects.filter(pk=ana).update(status="inactive")
        elif change == "anonymized":
            StudentIdentity.objects.filter(pk=ana).delete()
        elif change == "no school":
            Student.objects.filter(pk=ana).update(school=None)
        else:
            School.objects.filter(pk=old_school).update(is_active=False)
    for choice in (Choice.one_student(ana), Choice.whole_grade(old_school, "07")):
        with pytest.raises(errors.NobodyToGiveError, match="Only students who are currently enrolled"):
            generate(district, choice)
    with enter_district(district):
        assert not Offer.objects.exists()
    assert not TransferCode.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_code(district: District, old_school: int) -> None:
    key = uuid.uuid4()
    generate(district, Choice.whole_grade(old_school, "03"), key=key)
    with pytest.raises(errors.GeneratedAlreadyError, match="was shown then"):
        generate(district, Choice.whole_grade(old_school, "03"), key=key)
    assert TransferCode.objects.count() == 1


def test_without_renaissance_nothing_is_given_or_taken(
    district: District, other_district: District, old_school: int
) -> None:
    made = grade_code(district, old_school)
    with pytest.raises(errors.NotSubscribedError, match="does not subscribe to a Renaissance product"):
        find(other_district, made.text)
    with schema_context("public"):
        Subscription.objects.all().delete()
    with pytest.raises(errors.NotSubscribedError):
        grade_code(district, old_school)


def test_redeeming_begins_an_import(
    district: District, other_district: District, old_school: int, new_school: School
) -> None:
    made = grade_code(district, old_school)
    code = find(other_district, made.text.lower().replace("-", " "))
    seen = preview_code(code)
    assert (seen.district.name, seen.school, seen.grade, seen.students) == ("Maple Unified", "Lincoln", "03", 2)
    transfer = redeem(other_district, code, new_school, NOW + DAY)
    assert (transfer.state, transfer.expires_at, transfer.students) == (ImportState.ANALYZING, EXPIRES, 2)
    assert (transfer.source_district, transfer.source_school) == ("Maple Unified", "Lincoln")
    code.refresh_from_db()
    assert (code.state(NOW), code.destination_id, code.import_id, code.redemptions) == (
        CodeState.USED, other_district.pk, transfer.pk, 1
    )  # fmt: skip
    jobs = {job.kind: job for job in Job.objects.all()}
    assert jobs["transfer_analyze"].payload == {"import": str(transfer.pk)}
    assert jobs["ledger_entry"].district_id == district.pk
    assert jobs["ledger_entry"].payload["kind"] == "code_redeemed"
    assert "code_generated" in kinds(district)
    assert "code_redeemed" in kinds(other_district)


def used(place: dict[str, Any]) -> None:
    redeem(place["there"], place["made"].code, place["school"])


def revoked(place: dict[str, Any]) -> None:
    with enter_district(place["here"]):
        revoke_code(place["here"], place["made"].code.pk, actor=ADMIN, at=NOW)


def nothing(place: dict[str, Any]) -> None:
    return None


def removed(place: dict[str, Any]) -> None:
    District.objects.filter(pk=place["here"].pk).update(removed_at=NOW)


@pytest.mark.parametrize(
    ("change", "at", "own", "expected", "words"),
    [
        (used, NOW, False, errors.UsedCodeError, "A code cannot be used to transfer student data more than once."),
        (revoked, NOW, False, errors.RevokedCodeError, "This code was revoked"),
        (nothing, EXPIRES, False, errors.ExpiredCodeError, "Codes must be used within 30 days."),
        (nothing, NOW, True, errors.OwnCodeError, "the data is already on the site and doesn't need to be transferred"),
        (used, NOW, True, errors.OwnCodeError, "You cannot use a code on the same site"),
        (removed, NOW, False, errors.SourceGoneError, "is not there any more"),
    ],
)
def test_each_case_has_its_own_answer(
    district: District, other_district: District, old_school: int, new_school: School, change: Callable[..., None],
    at: dt.datetime, own: bool, expected: type[errors.CodeError], words: str,
) -> None:  # fmt: skip
    made = grade_code(district, old_school)
    known = TransferCode.objects.select_related("district").get(pk=made.code.pk)
    change({"here": district, "there": other_district, "made": made, "school": new_school})
    with pytest.raises(expected, match=words):
        find(district if own else other_district, made.text, at)
    if not own:  # and who had found it before is told the same
        with pytest.raises(expected):
            redeem(other_district, known, new_school, at)


def test_the_last_second_counts(
    district: District, other_district: District, old_school: int, new_school: School
) -> None:
    made = grade_code(district, old_school)
    code = find(other_district, made.text, EXPIRES - SECOND)
    with pytest.raises(errors.ExpiredCodeError):
        redeem(other_district, code, new_school, EXPIRES)
    assert redeem(other_district, code, new_school, EXPIRES - SECOND).state == ImportState.ANALYZING


def test_nobody_left(district: District, other_district: District, old_school: int, new_school: School) -> None:
    made = grade_code(district, old_school)
    with enter_district(district):
        StudentIdentity.objects.filter(given_name="Ana").delete()
    assert (preview_code(made.code).students, preview_code(made.code).gone) == (1, 1)
    with enter_district(district):
        StudentIdentity.objects.all().delete()
    with pytest.raises(errors.NobodyLeftError, match="The code was not used"):
        redeem(other_district, find(other_district, made.text), new_school)
    made.code.refresh_from_db()
    assert made.code.state(NOW) == CodeState.OPEN


def test_guesses_are_limited_per_person_and_per_host(
    district: District, other_district: District, old_school: int, new_school: School
) -> None:
    made = grade_code(district, old_school)
    for _ in range(guesses.BY_PERSON):
        with pytest.raises(errors.UnknownCodeError, match="No site knows this transfer code"):
            find(other_district, written(new_code()))
    with pytest.raises(errors.TooManyGuessesError, match="Wait 15 minutes"):
        find(other_district, made.text)
    assert find(other_district, made.text, actor="district_admin:2") == made.code
    for number in range(guesses.BY_HOST - guesses.BY_PERSON):
        with pytest.raises(errors.UnknownCodeError):
            find(other_district, written(new_code()), actor=f"school_admin:{number}")
    with pytest.raises(errors.TooManyGuessesError):
        find(other_district, made.text, actor="district_admin:2")
    with enter_district(district), pytest.raises(errors.OwnCodeError):
        find_code(district, made.text, actor=ADMIN, at=NOW)  # another host guesses on its own account


def test_what_is_mistyped_is_no_guess(other_district: District, new_school: School) -> None:
    code = new_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "2")
    for _ in range(guesses.BY_PERSON + 1):
        with pytest.raises(errors.MistypedCodeError, match="seventh group first"):
            find(other_district, wrong)


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_after_a_cancelled_or_failed_import_the_code_can_be_entered_again(
    district: District, other_district: District, old_school: int, new_school: School, end: str
) -> None:
    made = grade_code(district, old_school)
    first = redeem(other_district, find(other_district, made.text), new_school)
    with enter_district(other_district):
        if end == "cancelled":
            cancel_import(other_district, first.pk, actor=ADMIN, at=NOW)
        else:
            fail_import(other_district, first.pk, "a test", at=NOW)
    second = redeem(other_district, find(other_district, made.text), new_school)
    made.code.refresh_from_db()
    assert (made.code.import_id, made.code.redemptions) == (second.pk, 2)
    assert not release_code(first.pk, actor=ADMIN, at=NOW)  # the first import's end frees the second's code not again
    told = Job.objects.filter(district=district, kind="ledger_entry").values_list("payload__kind", flat=True)
    assert sorted(told) == ["code_redeemed", "code_redeemed", "code_released"]


def test_revoking(district: District, other_district: District, old_school: int, new_school: School) -> None:
    made = grade_code(district, old_school)
    with enter_district(district):
        with pytest.raises(Offer.DoesNotExist):
            revoke_code(district, made.code.pk, actor=ADMIN, at=NOW, school_id=old_school + 1)
        with pytest.raises(errors.NotRevocableError, match="has expired"):
            revoke_code(district, made.code.pk, actor=ADMIN, at=EXPIRES)
        assert revoke_code(district, made.code.pk, actor=ADMIN, at=NOW).state(NOW) == CodeState.REVOKED
        with pytest.raises(errors.NotRevocableError, match="revoked already"):
            revoke_code(district, made.code.pk, actor=ADMIN, at=NOW)
    second = grade_code(district, old_school)
    redeem(other_district, second.code, new_school)
    with enter_district(district), pytest.raises(errors.NotRevocableError, match="was used already"):
        revoke_code(district, second.code.pk, actor=ADMIN, at=NOW)
    with enter_district(other_district), pytest.raises(Offer.DoesNotExist):
        revoke_code(other_district, second.code.pk, actor=ADMIN, at=NOW)
    assert kinds(district).count("code_revoked") == 1

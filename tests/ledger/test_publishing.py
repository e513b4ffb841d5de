"""The chain and what is published of it: any edit, anywhere, is told; a crash in between loses and repeats nothing."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import dispositions, places, services
from ledger.chain import BEGINNING, read_entry
from ledger.dispositions import KeysError, write_ahead, written_keys
from ledger.models import LedgerEntry, LedgerHead
from ledger.places import read_head
from ledger.publishing import publish, publish_what_is_behind
from ledger.selectors import root_of
from ledger.services import append_entry
from ledger.verifying import verify_district
from tenants.clock import real_now
from tenants.locks import Lock, take_lock
from tenants.models import District

DISTRICT = 987_654
CHANGES = {
    "number": "number + 100",
    "kind": "kind || 'x'",
    "actor": "'csm:9'",
    "at": "at + interval '1 microsecond'",
    "facts": "jsonb_set(facts, '{rows}', '7')",
    "previous": "reverse(previous)",
    "digest": "reverse(digest)",
}
TYPES = {"number": "integer", "at": "timestamptz", "facts": "jsonb"}


def grow(count: int) -> None:
    for number in range(count):
        facts = {"rows": number + 1, "suite": "literacy", "on": "2026-07-28", "nested": {"é": [1, None, True]}}
        append_entry(DISTRICT, "tested", actor="csm:4", at=real_now(), facts=facts)


def free(statement: str) -> None:
    """Run SQL as somebody who is above the table's triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)


@pytest.fixture
def published(db: None) -> int:
    grow(5)
    assert publish(DISTRICT) == 5
    grow(2)
    assert publish(DISTRICT) == 2
    return 7


def problems() -> str:
    return " | ".join(verify_district(DISTRICT).problems)


def test_it_holds_and_says_its_root(published: int) -> None:
    found = verify_district(DISTRICT)
    assert (found.entries, found.published, found.problems) == (7, 7, ())
    assert found.root == root_of(DISTRICT, 7)
    assert LedgerEntry.objects.get(district_id=DISTRICT, number=1).previous == BEGINNING
    assert LedgerHead.objects.get(pk=DISTRICT).published == 7
    assert publish(DISTRICT) == 0


@pytest.mark.parametrize("column", CHANGES)
def test_an_edited_row_is_told(published: int, column: str) -> None:
    free(
        f"UPDATE public.ledger_ledgerentry SET {column} = {CHANGES[column]} "
        f"WHERE district_id = {DISTRICT} AND number = 4"
    )
    assert problems()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM {t} WHERE district_id = {d} AND number = 3", "dropped"),
        ("DELETE FROM {t} WHERE district_id = {d} AND number > 5", "truncated"),
        ("DELETE FROM {t} WHERE district_id = {d}", "truncated"),
        (
            "UPDATE {t} AS a SET facts = b.facts, kind = b.kind, at = b.at FROM {t} AS b WHERE a.district_id = {d}"
            " AND b.district_id = {d} AND (a.number, b.number) IN ((2, 3), (3, 2))",
            "was changed",
        ),
    ],
)
def test_dropping_truncating_and_reordering_is_told(published: int, statement: str, told: str) -> None:
    free(statement.format(t="public.ledger_ledgerentry", d=DISTRICT))
    assert told in problems()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_ledger", district=DISTRICT)


def test_a_ledger_written_anew_is_told_by_its_heads(published: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every digest is right again: only the published heads know better."""
    free(f"DELETE FROM public.ledger_ledgerentry WHERE district_id = {DISTRICT}")
    with pytest.raises(services.LedgerBehindError, match="ends with entry 0 in this database"):
        grow(1)
    monkeypatch.setattr(services, "_check_continues", lambda *_: None)
    grow(7)
    assert "another digest than its signed head" in problems()
    with pytest.raises(Exception, match="was published"):
        publish(DISTRICT)


def test_the_database_refuses_what_does_not_follow(published: int) -> None:
    entry = LedgerEntry.objects.get(district_id=DISTRICT, number=7)
    for changed in ({"number": 9}, {"number": 8, "previous": "0" * 64}):
        fresh = LedgerEntry(**{
            "district_id": DISTRICT, "kind": "x", "actor": "x", "at": entry.at, "facts": {}, "digest": "1" * 64,
            "previous": entry.digest, **changed,
        })  # fmt: skip
        with pytest.raises(DatabaseError, match="does not follow"), transaction.atomic():
            fresh.save()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_what_was_published_is_told(published: int, data: st.DataObject) -> None:
    path = places.folder_of(DISTRICT) / data.draw(st.sampled_from([places.ENTRIES, places.HEADS]))
    raw = path.read_bytes()
    place = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))
    try:
        path.write_bytes(raw[:place] + bytes([other]) + raw[place + 1 :])
        assert problems()
    finally:
        path.write_bytes(raw)
    assert not problems()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_a_row_is_told(published: int, data: st.DataObject) -> None:
    """In any row and column, the facts' JSON too, whether the row was published or is the newest."""
    number, column = data.draw(st.integers(1, 7)), data.draw(st.sampled_from(sorted(CHANGES)))
    with transaction.atomic(), connection.cursor() as cursor:
        row = f"public.ledger_ledgerentry WHERE district_id = {DISTRICT} AND number = {number}"
        cursor.execute(f"SELECT {column}::text FROM {row}")
        said = cursor.fetchone()[0]
        place = data.draw(st.integers(0, len(said) - 1))
        other = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda sign: sign != said[place]))
        edit = row.replace("WHERE", f"SET {column} = %s::text::{TYPES.get(column, 'text')} WHERE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        try:
            with transaction.atomic():
                cursor.execute(f"UPDATE {edit}", [said[:place] + other + said[place + 1 :]])
                cursor.execute(f"SELECT {column}::text IS DISTINCT FROM %s FROM {row}", [said])
                changed = cursor.fetchone() != (False,)
        except DatabaseError:
            changed = False  # it is no number, moment or JSON any more: the database refuses it
        assert bool(problems()) == changed
        transaction.set_rollback(True)


@pytest.mark.parametrize("column", ["number", "published"])
@pytest.mark.parametrize("by", [-1, 1])
def test_a_changed_note_of_the_database_is_told(published: int, column: str, by: int) -> None:
    free(f"UPDATE public.ledger_ledgerhead SET {column} = {column} + {by} WHERE district_id = {DISTRICT}")
    if (column, by) == ("published", -1):
        assert publish(DISTRICT) == 0  # a crash leaves it so: it is made good
        assert LedgerHead.objects.get(pk=DISTRICT).published == 7
    else:
        assert problems()


def test_folders_that_were_cut_back_to_an_earlier_head_are_told(published: int, tmp_path: Path) -> None:
    """An older copy is right as far as it goes; the folder itself must go as far as was published."""
    folder, copy = places.folder_of(DISTRICT), tmp_path / "copy" / str(DISTRICT)
    for name, lines in ((places.ENTRIES, 5), (places.HEADS, 1)):
        kept = (folder / name).read_bytes().splitlines(keepends=True)[:lines]
        (folder / name).write_bytes(b"".join(kept))
    shutil.copytree(folder, copy)
    assert problems() == "7 entries were published, and the heads cover 5: they were truncated"
    assert verify_district(DISTRICT, copy.parent).problems == ()


def test_each_bit_of_a_published_line_counts(published: int) -> None:
    """Every one: nothing in a line is there that neither digest nor signature nor spelling covers."""
    folder = places.folder_of(DISTRICT)
    entry = (folder / places.ENTRIES).read_bytes().splitlines()[3]
    head = (folder / places.HEADS).read_bytes().splitlines()[1]
    assert read_entry(entry)
    assert read_head(DISTRICT, head)
    assert not any(read_entry(line) for line in flipped(entry))
    assert not any(read_head(DISTRICT, line) for line in flipped(head))


def flipped(raw: bytes) -> Iterator[bytes]:
    """The same bytes with each bit of each turned in turn."""
    for place in range(len(raw)):
        for bit in range(8):
            yield raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]


@pytest.mark.parametrize("name", [places.ENTRIES, places.HEADS])
def test_a_crash_in_the_middle_of_a_line_is_made_good(published: int, name: str) -> None:
    grow(1)
    with (places.folder_of(DISTRICT) / name).open("ab") as file:
        file.write(b'{"actor":"half a li')
    assert publish(DISTRICT) == 1
    assert not problems()


def test_a_crash_between_entries_and_head_repeats_none(published: int, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(1)
    folder = places.folder_of(DISTRICT)
    heads = (folder / places.HEADS).read_bytes()
    publish(DISTRICT)
    (folder / places.HEADS).write_bytes(heads)
    publish(DISTRICT)
    assert len((folder / places.ENTRIES).read_bytes().splitlines()) == 8
    assert not problems()


def test_the_tick_publishes_what_a_crash_left(district: District) -> None:
    publish_what_is_behind()
    take_lock(Lock.DISTRICT, district.pk)
    append_entry(district.pk, "tested", actor="x", at=real_now(), facts={})
    assert LedgerHead.objects.get(pk=district.pk).published < LedgerHead.objects.get(pk=district.pk).number
    publish_what_is_behind()
    assert LedgerHead.objects.get(pk=district.pk).published == LedgerHead.objects.get(pk=district.pk).number


def test_it_is_published_with_the_commit(
    district: District, django_capture_on_commit_callbacks: Callable[..., object], ledger_dir: Path
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        append_entry(district.pk, "tested", actor="x", at=real_now(), facts={"rows": 3})
    lines = (ledger_dir / str(district.pk) / places.ENTRIES).read_bytes().splitlines()
    assert json.loads(lines[-1])["facts"] == {"rows": 3}


def test_a_folder_that_cannot_be_written_to_holds_nothing_up(
    district: District,
    django_capture_on_commit_callbacks: Callable[..., object],
    ledger_dir: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ledger_dir.write_text("a file, where a folder should be")
    with django_capture_on_commit_callbacks(execute=True):
        number = append_entry(district.pk, "tested", actor="x", at=real_now(), facts={})
    assert LedgerEntry.objects.filter(district_id=district.pk, number=number).exists()
    assert "is not published" in caplog.text


def test_keys_are_written_ahead_and_any_change_is_told(db: None, ledger_dir: Path) -> None:
    write_ahead(DISTRICT, 8, [5, 3, 2**48 + 7])
    found = written_keys(DISTRICT, 8)
    assert found is not None
    assert found.keys == (3, 5, 2**48 + 7)
    assert written_keys(DISTRICT, 9) is None
    path = ledger_dir / str(DISTRICT) / dispositions.FOLDER / "8.json"
    raw = path.read_bytes()
    assert dispositions.read_keys(raw) == found
    assert not any(dispositions.read_keys(changed) for changed in (b"", raw[:-1], raw[:-1] + b" }", *flipped(raw)))
    for changed in (raw.replace(b"[3,5,", b"[3,6,"), b""):
        path.write_bytes(changed)
        with pytest.raises(KeysError, match=r"8\.json"):
            written_keys(DISTRICT, 8)
    path.rename(path.with_name("9.json")).write_bytes(raw)
    with pytest.raises(KeysError, match=r"9\.json"):
        written_keys(DISTRICT, 9)


def test_keys_age_out_with_the_last_backup(ledger_dir: Path, clock: Callable[[str], object]) -> None:
    clock("2026-07-28T12:00+00:00")
    write_ahead(DISTRICT, 8, [5])
    clock("2026-09-01T12:00+00:00")
    dispositions.destroy_aged()
    assert dispositions.numbers_written(DISTRICT) == [8]
    clock("2026-09-02T11:59+00:00")
    dispositions.destroy_aged()
    assert dispositions.numbers_written(DISTRICT) == []

"""The ledger only grows, and counts without gaps."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from ledger.models import LedgerEntry
from ledger.services import append_entry
from tenants.clock import real_now
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.services import remove_district


def append(district_id: int, kind: str = "tested") -> int:
    return append_entry(district_id, kind, actor="tests", at=real_now(), facts={"rows": 1})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE public.ledger_ledgerentry SET actor = 'somebody else'",
        "DELETE FROM public.ledger_ledgerentry",
        "TRUNCATE public.ledger_ledgerentry",
    ],
)
def test_nothing_is_changed_or_taken_back(district: District, statement: str) -> None:
    append(district.pk)
    before = list(LedgerEntry.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(LedgerEntry.objects.values()) == before


def test_each_district_counts_for_itself(district: District, other_district: District) -> None:
    first = append(district.pk)
    other = append(other_district.pk)
    assert append(district.pk) == first + 1
    assert append(other_district.pk) == other + 1


def test_an_entry_of_a_rolled_back_transaction_never_was(district: District) -> None:
    first = append(district.pk)
    with transaction.atomic():
        append(district.pk)
        transaction.set_rollback(True)
    assert append(district.pk) == first + 1


def test_appending_at_once_leaves_no_gap_and_no_double(committed_districts: Callable[..., District]) -> None:
    district = committed_districts("birch")
    before = LedgerEntry.objects.filter(district_id=district.pk).count()

    def work() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    take_lock(Lock.DISTRICT, district.pk)
                    append(district.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = list(LedgerEntry.objects.filter(district_id=district.pk).values_list("number", flat=True))
    assert numbers == list(range(1, before + 41))


def test_it_outlives_the_district(committed_districts: Callable[..., District]) -> None:
    district = committed_districts("birch")
    remove_district(district, actor="csm:1", at=real_now())
    kinds = LedgerEntry.objects.filter(district_id=district.pk).values_list("kind", flat=True)
    assert {kinds.first(), kinds.last()} == {"district_provisioned", "district_removed"}

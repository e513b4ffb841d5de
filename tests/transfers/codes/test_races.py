"""Many at once, on connections of their own: one redemption wins, and nothing is lost between generate and revoke."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django_tenants.utils import schema_context

from ledger.models import LedgerEntry
from products.models import Subscription
from rostering.models import School
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.transfers.engine.world import ADMIN, NOW, make_school, make_student
from transfers.codes import errors
from transfers.codes.models import CodeState, TransferCode
from transfers.codes.services import Choice, find_code, generate_code, redeem_code, revoke_code
from transfers.imports.models import Import, Offer

REDEMPTIONS = 100
AT_ONCE = 20
"""Connections that wait for each other before they begin; the hundred come in five waves of the same code."""


@pytest.fixture
def places(committed_districts: Callable[..., District]) -> Iterator[list[tuple[District, int]]]:
    """Three districts with a school each; the first has students."""
    found = []
    for slug in ("birch", "alder", "hazel"):
        district = committed_districts(slug)
        with schema_context("public"):
            Subscription.objects.create(district=district, product="star_math", starts_on=dt.date(2025, 8, 1))
        found.append((district, make_school(district)))
    for given in ("Ana", "Ben"):
        make_student(*found[0], given, "Hill")
    yield found
    connection.set_schema_to_public()


def at_once(deeds: list[Callable[[], Any]]) -> Counter[str]:
    """Do all of them in threads, a wave at a time; returns how often each outcome was had."""
    barrier = Barrier(AT_ONCE)

    def one(deed: Callable[[], Any]) -> str:
        barrier.wait()
        try:
            deed()
        except errors.CodeError as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    assert len(deeds) % AT_ONCE == 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, deeds))


def generate(place: tuple[District, int]) -> str:
    with enter_district(place[0]):
        return generate_code(place[0], Choice.whole_grade(place[1], "03"), actor=ADMIN, at=NOW).text


def redeem(place: tuple[District, int], typed: str) -> None:
    district, key = place
    with enter_district(district):
        code = find_code(district, typed, actor=ADMIN, at=NOW)
        redeem_code(district, code, school=School.objects.get(pk=key), actor=ADMIN, at=NOW)


def redeem_known(place: tuple[District, int], code: TransferCode) -> None:
    """By somebody who has seen the preview: only the one statement stands between them and the data."""
    with enter_district(place[0]):
        redeem_code(place[0], code, school=School(pk=place[1]), actor=ADMIN, at=NOW)


def imports(places: list[tuple[District, int]]) -> int:
    found = 0
    for district, _ in places:
        with enter_district(district):
            found += Import.objects.count()
    return found


def revoke(place: tuple[District, int], code: TransferCode) -> None:
    with enter_district(place[0]):
        revoke_code(place[0], code.pk, actor=ADMIN, at=NOW)


def newest() -> TransferCode:
    with schema_context("public"):
        return TransferCode.objects.select_related("district").get(redeemed_at=None, revoked_at=None)


def test_who_is_first_wins_alone(places: list[tuple[District, int]]) -> None:
    """One test of all, because three districts take longer to make than their races to run."""
    one_of_a_hundred_redemptions_wins(places)
    for _ in range(3):
        revoked_or_used_and_never_both(places)
    what_is_generated_at_once_is_all_there(places)


def one_of_a_hundred_redemptions_wins(places: list[tuple[District, int]]) -> None:
    typed, code = generate(places[0]), newest()
    deeds: list[Callable[[], Any]] = [
        partial(redeem_known, places[1 + number % 2], code)
        if number % 4
        else partial(redeem, places[1 + number % 2], typed)
        for number in range(REDEMPTIONS)
    ]
    assert at_once(deeds) == {"done": 1, "UsedCodeError": REDEMPTIONS - 1}
    assert imports(places) == 1
    with schema_context("public"):
        code.refresh_from_db()
        assert (code.redemptions, code.state(NOW)) == (1, CodeState.USED)
        assert Job.objects.filter(kind="transfer_analyze").count() == 1
        assert LedgerEntry.objects.filter(kind="code_redeemed").count() == 1


def revoked_or_used_and_never_both(places: list[tuple[District, int]]) -> None:
    generate(places[0])
    code, before = newest(), imports(places)
    half = AT_ONCE // 2
    deeds: list[Callable[[], Any]] = [partial(revoke, places[0], code), partial(redeem_known, places[1], code)] * half
    outcome = at_once(deeds)
    assert outcome["done"] == 1, outcome
    with schema_context("public"):
        code.refresh_from_db()
    assert imports(places) - before == (code.state(NOW) == CodeState.USED)


def what_is_generated_at_once_is_all_there(places: list[tuple[District, int]]) -> None:
    texts: list[str] = []
    with enter_district(places[0][0]):
        before = Offer.objects.count()
    deeds: list[Callable[[], Any]] = [lambda: texts.append(generate(places[0])) for _ in range(AT_ONCE)]
    assert at_once(deeds) == {"done": AT_ONCE}
    assert len(set(texts)) == AT_ONCE
    with enter_district(places[0][0]):
        keys = set(Offer.objects.values_list("pk", flat=True))
    assert len(keys) == before + AT_ONCE
    with schema_context("public"):
        assert keys == set(TransferCode.objects.values_list("pk", flat=True))
        numbers = LedgerEntry.objects.filter(district_id=places[0][0].pk).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, len(numbers) + 1))

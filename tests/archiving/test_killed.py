"""kill -9 in the middle of an anonymization: everybody has a name still, or nobody has, and nothing is done twice."""

import pytest

from archiving.services import anonymize_leavers
from ledger.models import LedgerEntry
from resets.engine import events
from rostering.models import Student
from sweeps.models import Sweep
from tenants.models import District
from tenants.schema import enter_district
from tests.archiving.conftest import DAY_91
from tests.support.hashing import hash_schema
from tests.support.killing import killed_at


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_at_each_point(summer: District) -> None:
    def anonymize() -> int:
        return anonymize_leavers(summer, "literacy", 2026, actor="system:tests", at=DAY_91)

    before = hash_schema(summer.schema_name)
    for point in events.ANONYMIZATION_POINTS:
        assert hash_schema(summer.schema_name) == before, point
        assert killed_at(point, summer, anonymize), point
    after = hash_schema(summer.schema_name)
    with enter_district(summer):
        assert Student.objects.filter(status="anonymized").count() > 40
        assert anonymize() == 0
    assert hash_schema(summer.schema_name) == after
    assert LedgerEntry.objects.filter(kind="anonymization").count() == Sweep.objects.count() == 1

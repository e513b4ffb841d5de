"""The official documents, and a district whose roster has everything that a record can show."""

from pathlib import Path

import pytest

from rostering.services import import_bundle
from tenants.models import District
from tenants.schema import enter_district
from tests.oneroster.documents import Document
from tests.rostering.bundles import AS_OF, BundleBuilder, add_adult, small_bundle

DOCUMENTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "openapi"


def document(service: str) -> Document:
    path = DOCUMENTS / f"onerosterv1p2{service}service_openapi3_v1p0.json"
    if not path.exists():
        pytest.skip("the official documents are not here")
    return Document(path)


@pytest.fixture(scope="session")
def rostering() -> Document:
    return document("rosters")


@pytest.fixture(scope="session")
def gradebook() -> Document:
    return document("gradebook")


def full_bundle() -> BundleBuilder:
    """A roster with guardians, staff of the district, somebody of two kinds, periods and blanks."""
    bundle = small_bundle(students=6)
    add_adult(bundle, "g1", "parent", "sch1", agentSourcedIds="s1,s2", phone="555-0100")
    add_adult(bundle, "t1x", "counselor", "d1")
    for role in ("guardian", "districtAdministrator"):
        bundle.add(
            "roles", sourcedId=f"r-{role}", userSourcedId="t2", roleType="secondary", role=role, orgSourcedId="d1"
        )
    bundle.of("classes", "class-sch1")["periods"] = "1, 2"
    bundle.of("users", "s1").update(email="", identifier="")
    return bundle


@pytest.fixture
def rostered(district: District, tmp_path: Path) -> District:
    with enter_district(district):
        import_bundle(full_bundle().write(tmp_path), source="command", actor="tests", as_of=AS_OF)
    return district


@pytest.fixture
def inside(rostered: District) -> object:
    with enter_district(rostered):
        yield rostered

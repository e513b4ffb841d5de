"""The service as programs ask it: every address, the parameters, the headers, who may what."""

import re
from typing import Any

import pytest
from django.test import Client as Browser

from api.access.scopes import ONEROSTER_11, ONEROSTER_12
from tenants.models import District
from tests.api.conftest import new_client, now, with_token  # noqa: F401 - a fixture
from tests.oneroster.documents import Document

ROSTER = "/ims/oneroster/rostering/v1p2"
OLD = "/ims/oneroster/v1p1"
KEYS = {
    "academicSessions": "term-2026",
    "terms": "term-2026",
    "gradingPeriods": "none",
    "classes": "class-sch1",
    "courses": "c1",
    "demographics": "s1",
    "enrollments": "e-s1",
    "orgs": "d1",
    "schools": "sch1",
    "students": "s1",
    "teachers": "t1",
    "users": "t2",
}


@pytest.fixture
def program(rostered: District, now: Any) -> Browser:  # noqa: F811
    return with_token(rostered, *new_client(rostered))


def addressed(path: str) -> str:
    """An operation's address with keys of records that there are."""
    for name, kind in re.findall(r"(?:/(\w+)/\{(\w+)\})", path):
        path = path.replace(f"/{name}/{{{kind}}}", f"/{name}/{KEYS[name]}", 1)
    return path


def test_every_operation_answers_as_the_document_says(program: Browser, rostering: Document) -> None:
    for path, method in rostering.operations:
        answer = program.get(ROSTER + addressed(path))
        assert answer.status_code == (404 if path == "/gradingPeriods/{sourcedId}" else 200), path
        rostering.check(path, method, answer.status_code, answer.json())
        assert program.get(OLD + addressed(path)).status_code == answer.status_code, path


def test_what_is_not_there_is_unknown_in_every_place(program: Browser, rostering: Document) -> None:
    for path, method in rostering.operations:
        if "{" in path:
            answer = program.get(ROSTER + re.sub(r"\{\w+\}", "nobody%00", path))
            assert answer.status_code == 404, path
            rostering.check(path, method, 404, answer.json())
    assert program.get(f"{ROSTER}/nothing").json()["imsx_codeMajor"] == "failure"


def test_pages_lead_through_everything_once(program: Browser) -> None:
    address, seen, counts = f"{ROSTER}/users?limit=4", [], set()
    while address:
        answer = program.get(address)
        seen += [user["sourcedId"] for user in answer.json()["users"]]
        counts.add(answer["X-Total-Count"])
        links = {name: at for at, name in re.findall(r'<([^>]+)>; rel="(\w+)"', answer["Link"])}
        assert {"first", "last"} <= set(links)
        address = links.get("next", "")
    assert (counts, len(seen), seen) == ({str(len(seen))}, len(set(seen)), sorted(seen))


@pytest.mark.parametrize(
    ("query", "minor", "status"),
    [
        ("filter=shoeSize='9'", "invalid_filter_field", 400),
        ("filter=familyName", "invalid_filter_field", 400),
        ("filter=status='a' AND status='b' AND status='c'", "invalid_filter_field", 400),
        ("filter=dateLastModified>'yesterday'", "invalid_filter_field", 400),
        ("fields=shoeSize", "invalid_selection_field", 400),
        ("sort=shoeSize", "invalid_selection_field", 400),
        ("limit=0", "invaliddata", 422),
        ("limit=-1", "invaliddata", 422),
        ("limit=99999999999999999999", "invaliddata", 422),
        ("offset=x", "invaliddata", 422),
        ("orderBy=up", "invaliddata", 422),
    ],
)
def test_a_query_that_makes_no_sense(
    program: Browser, rostering: Document, query: str, minor: str, status: int
) -> None:
    answer = program.get(f"{ROSTER}/users?{query}")
    assert answer.status_code == status
    rostering.check("/users", "get", status, answer.json())
    assert answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == minor


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter=role='parent'", ["g1"]),
        ("filter=roles.role='counselor'", ["t1x"]),
        ("filter=familyName~'FAMILY1'", ["s1"]),
        ("filter=givenName='Given1' OR givenName='Given2'", ["s1", "s2"]),
        ("filter=roles.org.sourcedId='sch2' AND role='teacher'", ["t2"]),
        ("filter=agents='g1'", ["s1", "s2"]),
        ("filter=status!='active'", []),
        ("filter=dateLastModified>'2999-01-01T00:00:00.000Z'", []),
        ("filter=role='student'&sort=familyName&orderBy=desc&limit=2", ["s6", "s5"]),
        ("filter=sourcedId=''' OR 1=1 --'", []),
    ],
)
def test_filters_and_order(program: Browser, query: str, found: list[str]) -> None:
    answer = program.get(f"{ROSTER}/users?{query}")
    assert [user["sourcedId"] for user in answer.json()["users"]] == found


def test_fields_narrow_a_record(program: Browser) -> None:
    user = program.get(f"{ROSTER}/users/s1?fields=givenName,familyName").json()["user"]
    assert set(user) == {"sourcedId", "status", "dateLastModified", "givenName", "familyName"}


def test_a_user_of_the_older_version(program: Browser) -> None:
    user = program.get(f"{OLD}/users/t2").json()["user"]
    assert (user["role"], [org["sourcedId"] for org in user["orgs"]]) == ("teacher", ["sch2", "d1"])
    assert user["orgs"][0]["href"].endswith("/ims/oneroster/v1p1/orgs/sch2")
    assert "roles" not in user


def test_who_left_is_still_told_of(rostered: District, program: Browser, tmp_path: Any) -> None:
    from rostering.services import import_bundle
    from tenants.schema import enter_district
    from tests.oneroster.conftest import full_bundle
    from tests.rostering.bundles import AS_OF

    before = program.get(f"{ROSTER}/students/s2").json()["user"]["dateLastModified"]
    bundle = full_bundle()
    bundle.drop_person("s2")
    bundle.of("users", "g1")["agentSourcedIds"] = "s1"
    with enter_district(rostered):
        import_bundle(bundle.write(tmp_path, "next.zip"), source="command", actor="tests", as_of=AS_OF)
    changed = program.get(f"{ROSTER}/students?filter=dateLastModified>'{before}'").json()["users"]
    assert [(user["sourcedId"], user["status"], user["enabledUser"]) for user in changed] == [
        ("s2", "tobedeleted", "false")
    ]
    gone = program.get(f"{ROSTER}/enrollments/e-s2").json()["enrollment"]
    assert gone["status"] == "tobedeleted"


def test_each_scope_opens_what_is_its_own(rostered: District, now: Any, rostering: Document) -> None:  # noqa: F811
    for name in ("roster.readonly", "roster-core.readonly", "roster-demographics.readonly", "gradebook.readonly"):
        program = with_token(rostered, *new_client(rostered, scopes=[ONEROSTER_12 + name]))
        for path, _ in rostering.operations:
            wanted = [scope for one in rostering.raw["paths"][path]["get"]["security"] for scope in one["OAuth2CC"]]
            answer = program.get(ROSTER + addressed(path))
            assert (answer.status_code == 403) == (ONEROSTER_12 + name not in wanted), (name, path)
            rostering.check(path, "get", answer.status_code, answer.json())
    old = with_token(rostered, *new_client(rostered, scopes=[ONEROSTER_11 + "roster-core.readonly"]))
    assert old.get(f"{OLD}/users").status_code == 200
    assert old.get(f"{OLD}/demographics").status_code == old.get(f"{ROSTER}/users").status_code == 403


def test_nobody_else_gets_in(
    rostered: District, other_district: District, program: Browser, rostering: Document, clock: Any
) -> None:
    from tests.support.people import client_at

    strange = client_at(other_district)
    strange.defaults["HTTP_AUTHORIZATION"] = program.defaults["HTTP_AUTHORIZATION"]
    assert strange.get(f"{ROSTER}/users").status_code == 401
    nobody = client_at(rostered)
    for path, _ in rostering.operations:
        answer = nobody.get(ROSTER + addressed(path))
        assert answer.status_code == 401, path
        rostering.check(path, "get", 401, answer.json())
    assert nobody.get(f"{ROSTER}/nothing").status_code == 401
    clock("2026-06-25T15:00:00+00:00")
    assert program.get(f"{ROSTER}/users").status_code == 401


def test_a_schools_client_sees_its_school(rostered: District, now: Any, rostering: Document) -> None:  # noqa: F811
    from rostering.models import School
    from tenants.schema import enter_district

    with enter_district(rostered):
        school = School.objects.get(sourced_id="sch1")
    program = with_token(rostered, *new_client(rostered, school_id=school.pk))
    for path, other in (
        ("students", "s2"), ("users", "t2"), ("schools", "sch2"), ("classes", "class-sch2"),
        ("enrollments", "e-s2"), ("demographics", "s2"), ("teachers", "t2"),
    ):  # fmt: skip
        answer = program.get(f"{ROSTER}/{path}")
        records = next(iter(answer.json().values()))
        assert records
        assert answer["X-Total-Count"] == str(len(records))
        assert other not in {record["sourcedId"] for record in records}
        assert program.get(f"{ROSTER}/{path}/{other}").status_code == 404
        assert program.get(f"{ROSTER}/{path}?filter=sourcedId='{other}'")["X-Total-Count"] == "0"
    assert program.get(f"{ROSTER}/schools/sch2/students").status_code == 404


def test_a_list_is_read_in_as_many_queries_however_long(program: Browser) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for limit in (1, 100):
        with CaptureQueriesContext(connection) as asked:
            program.get(f"{ROSTER}/users?limit={limit}")
        counts.append(len([one for one in asked if "rostering_" in one["sql"]]))
    assert counts == [3, 3]

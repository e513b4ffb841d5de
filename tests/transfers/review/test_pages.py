"""Review and Match Students, and Review Student Data: what they show, and to whom; what a reviewer's choice does."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from tenants.clock import set_simulated_now
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in, visiting
from tests.transfers.review.conftest import World
from tests.transfers.review.world import NOW, add_incoming, make_students
from transfers.imports.models import IncomingStudent


@pytest.fixture(autouse=True)
def _march(db: None) -> None:
    set_simulated_now(NOW)


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()
    return " ".join(response.content.decode().split())


def row(world: World, name: str) -> IncomingStudent:
    with enter_district(world.district):
        return IncomingStudent.objects.get(pk=world.incoming[name])


def decide(client: Client, address: str, decision: str, version: int = 0, **facts: Any) -> Any:
    return client.post(address, {"decision": decision, "version": version, **facts})


def test_the_list_says_as_what_each_is_imported(world: World, admin: Client) -> None:
    page = text(admin.get(f"{world.path}review/"))
    assert "1 matched student, 2 new students; 0 of 3 reviewed" in page
    assert page.index("Moreno, Ada") < page.index("Moreno, Jo") < page.index("Novak, Kit")
    assert "to Ada Moreno, Lincoln, Grade 5" in page
    assert page.count("Needs review: not matched, but your site has some students who may possibly be a match") == 0
    assert page.count("Needs review: not matched, but your site has students who may possibly be a match") == 1
    assert "&lt; Back" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [("grade=04", ["Jo"]), ("status=matched", ["Ada"]), ("status=new", ["Jo", "Kit"]), ("status=review", ["Jo"]),
     ("status=reviewed", []), ("grade=05&status=new", ["Kit"]), ("status=nonsense", ["Ada", "Jo", "Kit"])],
)  # fmt: skip
def test_the_filters(world: World, admin: Client, query: str, shown: list[str]) -> None:
    page = text(admin.get(f"{world.path}review/?{query}"))
    assert [name for name in world.incoming if f", {name}</th>" in page] == shown


def test_the_search_by_name_stays_out_of_the_address(world: World, admin: Client) -> None:
    answer = admin.post(f"{world.path}review/?status=new", {"term": "nov, k"})
    assert answer.headers["Location"] == f"{world.path}review/?status=new"
    assert "Novak, Kit" in text(admin.get(answer.headers["Location"]))
    assert "Moreno, Ada" not in text(admin.get(f"{world.path}review/"))
    admin.post(f"{world.path}review/", {"clear": "1"})
    assert "Moreno, Ada" in text(admin.get(f"{world.path}review/"))


def test_the_records_stand_side_by_side_with_the_evidence_in_words(world: World, admin: Client) -> None:
    page = text(admin.get(world.edit("Jo")))
    assert "Probably the same student (80 %)" in page
    assert "Possibly the same student (20 %)" in page
    assert "2017-04-05 and 2017-05-04: day and month swapped" in page
    assert '<span class="visually-hidden">(different)</span>' in page
    assert '<span class="visually-hidden"> (they differ)</span>' in page
    assert ">Josephine Moreno<" in page
    assert "May 4, 2017" in page
    assert "Apr 5, 2017" in page
    other = text(admin.get(f"{world.edit('Jo')}?compare={world.records['Jolene']}"))
    assert '<td data-label="Your site" class="differs">Jolene Moreno</td>' in other


def test_match_student_and_the_next_one(world: World, admin: Client) -> None:
    answer = decide(admin, world.edit("Jo"), "match", student=world.records["Jolene"], next="1")
    assert answer.headers["Location"] == world.edit("Kit")
    assert 'name="next" value="1" form="decide" checked' in text(admin.get(world.edit("Kit")))
    assert row(world, "Jo").match_key == world.records["Jolene"]
    page = text(admin.get(f"{world.path}review/"))
    assert "Reviewed<span" in page
    assert "A district admin (district admin)" in page
    answer = decide(admin, world.edit("Kit"), "later", next="1")
    assert answer.headers["Location"] == f"{world.path}review/"
    assert "last student of the list" in text(admin.get(f"{world.path}review/"))
    assert row(world, "Kit").version == 0


def test_the_next_one_is_the_next_of_the_filtered_list(world: World, admin: Client) -> None:
    answer = decide(admin, f"{world.edit('Ada')}?grade=05", "new", next="1")
    assert answer.headers["Location"] == f"{world.edit('Kit')}?grade=05"
    assert row(world, "Ada").match_key is None
    answer = decide(admin, f"{world.edit('Kit')}?grade=05&compare=1&in_grade=05", "new")
    assert answer.headers["Location"] == f"{world.path}review/?grade=05"


def test_the_second_reviewer_reads_who_was_first(world: World, admin: Client, school_admin: Client) -> None:
    decide(school_admin, world.edit("Jo"), "match", student=world.records["Jo"])
    page = text(decide(admin, world.edit("Jo"), "new"), 409)
    assert "Another reviewer decided about this student first. Nothing was changed." in page
    assert "A school admin (school admin) decided at Mar 2, 2026, 9:00 AM: <strong>Match Student</strong>" in page
    assert 'name="version" value="1"' in page
    assert row(world, "Jo").match_key == world.records["Jo"]


def test_a_taken_record_says_whose_it_is(world: World, admin: Client) -> None:
    page = text(decide(admin, world.edit("Kit"), "match", student=world.records["Ada"]), 409)
    assert "It is <strong>Ada Moreno</strong> who is matched to that record." in page
    assert world.edit("Ada") in page
    admin.post(world.edit("Kit"), {"term": "ada", "in_grade": "", "in_school": ""})
    assert "of this transfer is matched to it. Review that one first." in text(admin.get(world.edit("Kit")))
    assert row(world, "Kit").version == 0


def test_nobody_checked_is_told_so(world: World, admin: Client) -> None:
    for facts in ({}, {"student": "x"}, {"student": "999999"}):
        assert "Check the student on your site first" in text(decide(admin, world.edit("Kit"), "match", **facts), 409)
    assert "Nothing was changed" in text(decide(admin, world.edit("Kit"), "nonsense"), 409)
    assert row(world, "Kit").version == 0


def test_any_other_record_can_be_found(world: World, admin: Client) -> None:
    answer = admin.post(world.edit("Kit"), {"term": "elsewh", "in_grade": "05", "in_school": str(world.elsewhere)})
    address = answer.headers["Location"]
    assert address == f"{world.edit('Kit')}?in_grade=05&in_school={world.elsewhere}#find"
    page = text(admin.get(address))
    assert "Zoe Elsewhere" in page
    assert "Jolene" not in page
    assert "Zoe" not in text(admin.get(world.edit("Ada"))), "another student's search"
    decide(admin, world.edit("Kit"), "match", student=world.records["Zoe"])
    assert row(world, "Kit").match_key == world.records["Zoe"]


def test_a_school_admin_sees_the_own_school_and_what_the_analysis_found(world: World, school_admin: Client) -> None:
    page = text(school_admin.get(world.edit("Jo")))
    assert "Jolene Moreno" in page, "the analysis found her"
    school_admin.post(world.edit("Kit"), {"term": "elsewhere"})
    found = text(school_admin.get(world.edit("Kit")))
    assert "Zoe" not in found
    assert "a district admin can match to any other" in found
    assert "Zoe" not in text(school_admin.get(f"{world.edit('Kit')}?compare={world.records['Zoe']}"))
    refused = decide(school_admin, world.edit("Kit"), "match", student=world.records["Zoe"])
    assert "Check the student on your site first" in text(refused, 409)
    assert decide(school_admin, world.edit("Jo"), "match", student=world.records["Jolene"]).status_code == 302


PAGES = ("", "review/", "students/", "cancel/", "undo/", "log.csv")


def test_who_sees_an_import(world: World, admin: Client, school_admin: Client, other_admin: Client) -> None:
    educator = logged_in(world.district, Role.EDUCATOR)
    for page in PAGES:
        seen = [client.get(world.path + page).status_code for client in (admin, school_admin, other_admin, educator)]
        assert seen == [200, 200, 404, 403], page
    assert other_admin.get(world.edit("Jo")).status_code == 404
    assert decide(other_admin, world.edit("Jo"), "new").status_code == 404
    assert other_admin.post(f"{world.path}cancel/").status_code == 404
    assert row(world, "Jo").version == 0


def test_another_district_has_no_such_import(world: World, other_district: District) -> None:
    stranger = logged_in(other_district, Role.DISTRICT_ADMIN)
    assert {stranger.get(world.path + page).status_code for page in PAGES} == {404}
    assert stranger.get(world.edit("Jo")).status_code == 404


def test_a_visitor_reads_the_list_and_nothing_more(world: World) -> None:
    visitor = visiting(world.district)
    page = text(visitor.get(f"{world.path}review/"))
    assert "Moreno, Ada" in page
    assert world.edit("Ada") not in page
    assert visitor.get(world.edit("Ada")).status_code == 403


def test_a_student_who_is_not_there_any_more(world: World, admin: Client) -> None:
    with enter_district(world.district):
        IncomingStudent.objects.filter(pk=world.incoming["Kit"]).delete()
    for answer in (admin.get(world.edit("Kit")), decide(admin, world.edit("Kit"), "new")):
        assert answer.headers["Location"] == f"{world.path}review/"


def test_a_state_id_in_use_is_said_before(world: World, admin: Client) -> None:
    make_students(world.district, world.elsewhere, ["Adeline Moreno"], state_id="ST-1")
    page = text(admin.get(world.edit("Ada")))
    assert "ST-1 belongs to Adeline Moreno on your site" in page


def test_the_list_goes_page_by_page(world: World, admin: Client) -> None:
    add_incoming(world.district, world.transfer, [f"Same Zz{number:02}" for number in range(48)])
    seen, address = [], f"{world.path}review/?status=new"
    while address:
        page = text(admin.get(address))
        seen += [part.split("</th>")[0] for part in page.split('<th scope="row">')[1:]]
        after = page.split("after=")[1].split('"')[0] if ">Next page<" in page else ""
        address = f"{world.path}review/?status=new&after={after}" if after else ""
    assert seen == ["Moreno, Jo", "Novak, Kit", *(f"Zz{number:02}, Same" for number in range(48))]


def test_who_has_no_account_any_more_is_still_somebody(world: World, admin: Client, school_admin: Client) -> None:
    decide(school_admin, world.edit("Jo"), "new")
    with enter_district(world.district):
        User.objects.filter(email="here@a.example").delete()
    assert "Somebody who has no account any more" in text(admin.get(f"{world.path}review/"))

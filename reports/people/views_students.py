"""Students: the list, one student's page, a section's students."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asked import choice, whole
from accounts.pages import Chip, district_of, is_visitor, own_school, page, person, sees_district, today
from accounts.searching import keep_search, query_without, searched
from holds.selectors import holds_of_student
from reports.people.products_kept import products_of
from reports.people.sight import sections_in, sight_of, students_in
from reports.people.student_data import student_data
from reports.people.student_list import Filters, student_page
from reports.people.student_person import enrollments_of, guardians_of, merges_of, rarely
from resets.views.reads import subscriptions
from rostering.models import School, TeachingAssignment
from rostering.models_people import PersonStatus
from tenants.templatetags.words import GRADES
from transfers.review.lineage import came_with

PLACE = "students"
CHIPS = {
    PersonStatus.ACTIVE: Chip("On the roster", "good", "✓"),
    PersonStatus.INACTIVE: Chip("Left", "", "○"),
    PersonStatus.ANONYMIZED: Chip("Anonymized", "", "○"),
    PersonStatus.MERGED: Chip("Merged into another record", "", "○"),
}
STATUSES = {"active": "On the roster", "inactive": "Left", "anonymized": "Anonymized"}


@require_http_methods(["GET", "HEAD", "POST"])
def students(request: HttpRequest) -> HttpResponse:
    """The list. A POST keeps the word that is searched by: a name does not belong into an address."""
    if request.method == "POST":
        return keep_search(request, PLACE)
    user = person(request)
    sight, is_educator = sight_of(user), sight_of(user).educator_id is not None
    products = products_of(district_of(request))
    filters = Filters(
        status="active" if is_educator else choice(request, "status", tuple(STATUSES)),
        school=whole(request, "school"),
        grade=choice(request, "grade", ("", *GRADES)),
        section=whole(request, "section"),
        product=choice(request, "product", ("", *products)),
        since=district_of(request).school_year - 1,
        term=searched(request, PLACE),
    )
    school = filters.school if own_school(user) is None else own_school(user)
    sections = sections_in(sight)
    context = {
        "found": student_page(sight, filters, whole(request, "after")),
        "filters": filters,
        "statuses": {} if is_educator else STATUSES,
        "grades": GRADES,
        "products": products,
        "schools": list(School.objects.filter(is_active=True)) if own_school(user) is None else [],
        # All sections of a district would be a list of thousands: first the school, then its sections.
        "sections": list(sections.filter(**({} if is_educator else {"school_id": school})).order_by("title", "pk"))
        if is_educator or school
        else [],
        "is_educator": is_educator,
        "is_first": "after" not in request.GET,
        "query": query_without(request, "after"),
    }
    return page(request, "people/students.html", "people", context)


@require_safe
def student(request: HttpRequest, student: int) -> HttpResponse:
    """One student: who it is, where enrolled, what each product keeps, and what will happen to each of it."""
    user, district, as_of = person(request), district_of(request), today(request)
    sight = sight_of(user)
    found = get_object_or_404(students_in(sight).select_related("school", "identity"), pk=student)
    asked = rarely(found)
    merges, merged_into = merges_of(found) if asked.merges else ([], None)
    context = {
        "student": found,
        "identity": getattr(found, "identity", None),
        "enrollments": enrollments_of(found, sight),
        "guardians": guardians_of(found) if sight.educator_id is None else [],
        "suites": student_data(found, district, subscriptions(request), as_of),
        "merges": merges,
        "merged_into": merged_into,
        "came_with": came_with(found.pk) if asked.transfers else [],
        "holds": list(holds_of_student(found.pk, found.school_id)) if asked.holds and sees_district(user) else [],
        "imports_into": [] if sight.educator_id is not None else ["every" if sees_district(user) else own_school(user)],
        "chip": CHIPS[PersonStatus(found.status)],
        "may_merge": sight.educator_id is None and not is_visitor(user) and found.status in ("active", "inactive"),
    }
    return page(request, "people/student.html", "people", context)


@require_safe
def section(request: HttpRequest, section: int) -> HttpResponse:
    """A section's students."""
    sight = sight_of(person(request))
    found = get_object_or_404(sections_in(sight).select_related("school", "course"), pk=section)
    teachers = TeachingAssignment.objects.filter(section=found, is_active=True, educator__status="active")
    context = {
        "shown": found,
        "teachers": list(teachers.select_related("educator__identity").order_by("-is_primary", "pk")),
        "found": student_page(sight, Filters(section=found.pk), whole(request, "after")),
        "is_first": "after" not in request.GET,
    }
    return page(request, "people/section.html", "people", context)

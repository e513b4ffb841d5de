"""Where the people pages are. Rows stand in addresses by surrogate key only."""

from django.urls import path

from reports.people.views_educators import educators, educators_remove, people, removal
from reports.people.views_merging import merge, student_merge, student_twice
from reports.people.views_students import section, student, students

urlpatterns = [
    path("people/", people, name="people"),
    path("people/educators/", educators, name="people_educators"),
    path("people/educators/remove/", educators_remove, name="people_educators_remove"),
    path("people/educators/removals/<uuid:key>/", removal, name="people_removal"),
    path("people/students/", students, name="people_students"),
    path("people/students/<int:student>/", student, name="people_student"),
    path("people/students/<int:student>/twice/", student_twice, name="people_student_twice"),
    path("people/students/<int:student>/merge/<int:other>/", student_merge, name="people_student_merge"),
    path("people/merges/<uuid:key>/", merge, name="people_merge"),
    path("people/sections/<int:section>/", section, name="people_section"),
]

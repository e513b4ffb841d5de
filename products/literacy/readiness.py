"""Readiness of the literacy suite: everybody takes the Benchmark or the Placement test at the beginning of the year."""

from django.db.models import Count

from products.literacy.models import BoyAssessment
from rostering.readiness import Ground, Item, Subject


def told_assessments(ground: Ground) -> str:
    """How many take which."""
    decided = BoyAssessment.objects.filter(school_year=ground.school_year, student__status="active")
    if ground.school_id is not None:
        decided = decided.filter(student__school_id=ground.school_id)
    counts = dict(decided.values_list("assessment").annotate(n=Count("pk")))
    benchmark, placement = counts.get("benchmark", 0), counts.get("placement", 0)
    return f"{benchmark:,} returning students take the BOY Benchmark, {placement:,} new ones the Placement test."


ITEMS = (
    Item(
        code="boy-assessments",
        title="BOY assessments",
        source="These students are considered returning students and will take the BOY Benchmark assessment in "
        "Imagine Language & Literacy rather than the Placement test.",
        todo="A student who was there before is decided by the reset of the year before: when that has been made, "
        "upload the roster again. If it has, tell your customer success manager.",
        subject=Subject.STUDENT,
        rows="""
        SELECT s.id AS key, s.school_id, 'none' AS why, '' AS was, s.grade AS now FROM {student} AS s
        JOIN {literacy_studentaccount} AS a ON a.student_id = s.id AND a.product = 'language_literacy'
        JOIN {literacy_organization} AS o ON o.school_id = s.school_id AND o.product = a.product
        WHERE s.status = 'active' AND s.school_year = {school_year} AND NOT EXISTS (
            SELECT FROM {literacy_boyassessment} AS b
            WHERE b.student_id = s.id AND b.school_year = {school_year})
        """,
        words={"none": "Neither the BOY Benchmark nor the Placement test is assigned."},
        good="Everybody in Imagine Language & Literacy has an assessment for the beginning of the year.",
        suite="literacy",
        tells=told_assessments,
    ),
)

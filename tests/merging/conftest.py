"""A district with made-up data in every suite, rolled back after each test, and two of its students."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command

from rostering.models import Enrollment, Student
from tenants.models import District
from tenants.schema import enter_district

NOW = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)
Pair = tuple[int, int]


@pytest.fixture
def lived(committed_districts: Any) -> District:
    """Sixty students with data in every suite."""
    made: District = committed_districts("birch")
    call_command("generate_district", slug="birch", students=60, seed=5, school_year=2026, verbosity=0)
    return made


@pytest.fixture
def pair(lived: District) -> Pair:
    """Two students of one school, who share a section."""
    with enter_district(lived):
        first = Student.objects.order_by("pk").first()
        assert first
        second = Student.objects.filter(school=first.school).exclude(pk=first.pk).order_by("pk").first()
        assert second
        for mine in Enrollment.objects.filter(student=first).order_by("pk")[:1]:
            theirs = Enrollment.objects.filter(student=second).order_by("pk").first()
            assert theirs
            Enrollment.objects.filter(pk=theirs.pk).update(section=mine.section)
    return first.pk, second.pk

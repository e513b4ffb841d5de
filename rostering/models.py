"""Everything about people of one district, in its own schema. See models_people, models_school and models_sync."""

from rostering.models_people import (
    Educator,
    EducatorIdentity,
    EducatorRole,
    Guardian,
    GuardianIdentity,
    Student,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
)
from rostering.models_school import AcademicSession, Course, Enrollment, ParentOrg, School, Section, TeachingAssignment
from rostering.models_sync import HeldRemoval, ReturnWindow, Sync, SyncError, SyncPause, SyncState

__all__ = [
    "AcademicSession",
    "Course",
    "Educator",
    "EducatorIdentity",
    "EducatorRole",
    "Enrollment",
    "Guardian",
    "GuardianIdentity",
    "HeldRemoval",
    "ParentOrg",
    "ReturnWindow",
    "School",
    "Section",
    "Student",
    "StudentDemographics",
    "StudentGuardian",
    "StudentIdentity",
    "Sync",
    "SyncError",
    "SyncPause",
    "SyncState",
    "TeachingAssignment",
]

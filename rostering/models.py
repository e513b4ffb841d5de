"""Everything about people of one district, in its own schema. See the models_*.py."""

from rostering.models_merges import MergeUndo, StudentAlias, StudentMerge
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
    StudentYear,
)
from rostering.models_removals import EducatorRemoval, RemovedEducator
from rostering.models_school import AcademicSession, Course, Enrollment, ParentOrg, School, Section, TeachingAssignment
from rostering.models_sources import RosterProvider, SftpKey
from rostering.models_sync import HeldRemoval, ReturnWindow, Sync, SyncError, SyncPause, SyncState

__all__ = [
    "AcademicSession",
    "Course",
    "Educator",
    "EducatorIdentity",
    "EducatorRemoval",
    "EducatorRole",
    "Enrollment",
    "Guardian",
    "GuardianIdentity",
    "HeldRemoval",
    "MergeUndo",
    "ParentOrg",
    "RemovedEducator",
    "ReturnWindow",
    "RosterProvider",
    "School",
    "Section",
    "SftpKey",
    "Student",
    "StudentAlias",
    "StudentDemographics",
    "StudentGuardian",
    "StudentIdentity",
    "StudentMerge",
    "StudentYear",
    "Sync",
    "SyncError",
    "SyncPause",
    "SyncState",
    "TeachingAssignment",
]

"""The files of rostering, as in the CSV binding 1.2 and 1.1 (the 1.0 names are aliases)."""

from dataclasses import replace

from rostering.oneroster.columns import NEW, OLD, Column, Kind, record, ref, refs, text

SESSION_TYPES = ("gradingPeriod", "semester", "schoolYear", "term")
ORG_TYPES = ("department", "school", "district", "local", "state", "national")
CLASS_TYPES = ("homeroom", "scheduled")
ENROLLMENT_ROLES = ("administrator", "proctor", "student", "teacher")
ROLES = (
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
)
OLD_ROLES = ("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
GUARDIAN_ROLES = ("guardian", "parent", "relative")
SEXES = ("male", "female", "unspecified", "other")
RACES = (
    "americanIndianOrAlaskaNative",
    "asian",
    "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander",
    "white",
    "demographicRaceTwoOrMoreRaces",
)

PERSON_KEY = Column("sourcedId", Kind.ID, required=True, personal=True, kept=True)
USER = ref("userSourcedId", "users", required=True, personal=True, aliases=("userId",))
GRADES = Column("grades", Kind.GRADES, kept=True, aliases=("grade",))

SESSIONS = record(
    "academicSessions",
    text("title", required=True, kept=True),
    Column("type", Kind.ENUM, required=True, words=SESSION_TYPES, kept=True),
    Column("startDate", Kind.DATE, required=True, kept=True),
    Column("endDate", Kind.DATE, required=True, kept=True),
    ref("parentSourcedId", "academicSessions", lenient=True),
    Column("schoolYear", Kind.YEAR, required=True, kept=True),
    imported=True,
    needed=True,
)
ORGS = record(
    "orgs",
    text("name", required=True, kept=True),
    Column("type", Kind.ENUM, required=True, words=ORG_TYPES, kept=True),
    text("identifier", kept=True),
    ref("parentSourcedId", "orgs", lenient=True),
    imported=True,
    needed=True,
)
COURSES = record(
    "courses",
    ref("schoolYearSourcedId", "academicSessions", lenient=True, aliases=("schoolYearId",)),
    text("title", required=True, kept=True),
    text("courseCode", kept=True),
    GRADES,
    ref("orgSourcedId", "orgs", required=True, aliases=("orgId",)),
    text("subjects", kept=True),
    text("subjectCodes"),
    imported=True,
)
CLASSES = record(
    "classes",
    text("title", required=True, kept=True),
    GRADES,
    ref("courseSourcedId", "courses", required=True, lenient=True, aliases=("courseId",)),
    text("classCode", kept=True),
    Column("classType", Kind.ENUM, required=True, words=CLASS_TYPES, kept=True),
    text("location"),
    ref("schoolSourcedId", "orgs", required=True, aliases=("schoolId",)),
    refs("termSourcedIds", "academicSessions", required=True, lenient=True, aliases=("termSourcedId", "termId")),
    text("subjects"),
    text("subjectCodes", versions=("1.1", "1.2")),
    text("periods", versions=("1.1", "1.2"), kept=True),
    imported=True,
    needed=True,
)
USERS = record(
    "users",
    Column("enabledUser", Kind.BOOL, required=True, aliases=("status_enabled",)),
    refs("orgSourcedIds", "orgs", required=True, versions=OLD, aliases=("orgSourcedId", "orgIds", "orgId")),
    Column("role", Kind.ENUM, required=True, words=OLD_ROLES, versions=OLD, open=False, kept=True),
    text("username", required=True, personal=True, kept=True),
    text("userIds", personal=True, kept=True, aliases=("userId",)),
    text("givenName", required=True, personal=True, kept=True),
    text("familyName", required=True, personal=True, kept=True),
    text("middleName", personal=True, kept=True),
    text("identifier", personal=True, kept=True),
    text("email", personal=True, kept=True),
    text("sms", personal=True, kept=True),
    text("phone", personal=True, kept=True),
    refs("agentSourcedIds", "users", lenient=True, personal=True, aliases=("agents", "agentIds")),
    GRADES,
    Column("password", Kind.SECRET, personal=True),
    text("userMasterIdentifier", personal=True, versions=NEW),
    text("preferredGivenName", personal=True, kept=True, versions=NEW, aliases=("prefferedGivenName",)),
    text("preferredMiddleName", personal=True, versions=NEW, aliases=("prefferedMiddleName",)),
    text("preferredFamilyName", personal=True, versions=NEW, aliases=("prefferedFamilyName",)),
    ref("primaryOrgSourcedId", "orgs", versions=NEW),
    text("pronouns", personal=True, versions=NEW),
    imported=True,
    needed=True,
    key=PERSON_KEY,
)
ROLES_FILE = record(
    "roles",
    USER,
    Column("roleType", Kind.ENUM, required=True, words=("primary", "secondary"), open=False, kept=True),
    Column("role", Kind.ENUM, required=True, words=ROLES, kept=True),
    Column("beginDate", Kind.DATE),
    Column("endDate", Kind.DATE, kept=True),
    ref("orgSourcedId", "orgs", required=True),
    ref("userProfileSourcedId", "userProfiles", lenient=True, personal=True),
    versions=NEW,
    imported=True,
    needed=True,
)
ENROLLMENTS = record(
    "enrollments",
    ref("classSourcedId", "classes", required=True, aliases=("classId",)),
    ref("schoolSourcedId", "orgs", required=True, aliases=("schoolId",)),
    USER,
    Column("role", Kind.ENUM, required=True, words=ENROLLMENT_ROLES, kept=True),
    Column("primary", Kind.BOOL, kept=True),
    Column("beginDate", Kind.DATE, kept=True, versions=("1.1", "1.2")),
    Column("endDate", Kind.DATE, kept=True, versions=("1.1", "1.2")),
    imported=True,
    needed=True,
)
DEMOGRAPHICS = record(
    "demographics",
    Column("birthDate", Kind.DATE, personal=True, kept=True, aliases=("birthdate",)),
    Column("sex", Kind.ENUM, personal=True, words=SEXES, kept=True),
    *(Column(race, Kind.BOOL, personal=True, kept=True) for race in RACES),
    Column("hispanicOrLatinoEthnicity", Kind.BOOL, personal=True, kept=True),
    text("countryOfBirthCode", personal=True),
    text("stateOfBirthAbbreviation", personal=True),
    text("cityOfBirth", personal=True),
    text("publicSchoolResidenceStatus", personal=True),
    imported=True,
    key=replace(PERSON_KEY, kind=Kind.ID, target="users", aliases=("userSourcedId", "userId")),
)
PROFILES = record(
    "userProfiles",
    USER,
    text("profileType", required=True, personal=True),
    text("vendorId", required=True, personal=True),
    text("applicationId", personal=True),
    text("description", personal=True),
    text("credentialType", required=True, personal=True),
    text("username", required=True, personal=True),
    Column("password", Kind.SECRET, personal=True),
    versions=NEW,
    key=PERSON_KEY,
)

ROSTER_FILES = (SESSIONS, ORGS, COURSES, CLASSES, USERS, ROLES_FILE, ENROLLMENTS, DEMOGRAPHICS, PROFILES)

"""The files of gradebook and resources: read and checked, not imported."""

from rostering.oneroster.columns import NEW, Column, Kind, record, ref, text

GRADEBOOK = ("1.1", "1.2")
SCORE_STATUSES = ("exempt", "fully graded", "not submitted", "partially graded", "submitted")

CATEGORIES = record(
    "categories", text("title", required=True), Column("weight", Kind.NUMBER, versions=NEW), versions=GRADEBOOK
)
LINE_ITEMS = record(
    "lineItems",
    text("title", required=True),
    text("description"),
    Column("assignDate", Kind.DATE, required=True),
    Column("dueDate", Kind.DATE, required=True),
    ref("classSourcedId", "classes", required=True),
    ref("categorySourcedId", "categories", required=True),
    ref("gradingPeriodSourcedId", "academicSessions", required=True, versions=("1.1",)),
    ref("academicSessionSourcedId", "academicSessions", versions=NEW),
    Column("resultValueMin", Kind.NUMBER),
    Column("resultValueMax", Kind.NUMBER),
    ref("schoolSourcedId", "orgs", required=True, versions=NEW),
    versions=GRADEBOOK,
)
RESULTS = record(
    "results",
    ref("lineItemSourcedId", "lineItems", required=True),
    ref("studentSourcedId", "users", required=True, personal=True),
    Column("scoreStatus", Kind.ENUM, required=True, words=SCORE_STATUSES),
    Column("score", Kind.NUMBER, personal=True),
    Column("scoreDate", Kind.DATE, required=True),
    text("comment", personal=True),
    text("textScore", personal=True, versions=NEW),
    ref("classSourcedId", "classes", versions=NEW),
    *(Column(name, Kind.BOOL, versions=NEW) for name in ("inProgress", "incomplete", "late", "missing")),
    versions=GRADEBOOK,
)
SCORE_SCALES = record(
    "scoreScales",
    text("title", required=True),
    text("type", required=True),
    ref("orgSourcedId", "orgs", required=True),
    ref("courseSourcedId", "courses"),
    ref("classSourcedId", "classes", required=True),
    text("scoreScaleValue", required=True),
    versions=NEW,
)


def _objectives(owner: str, target: str, *more: Column) -> tuple[Column, ...]:
    return (ref(f"{owner}SourcedId", target, required=True), text("source", required=True), *more)


OBJECTIVE = text("learningObjectiveId", required=True)
LINE_ITEM_OBJECTIVES = record(
    "lineItemLearningObjectiveIds", *_objectives("lineItem", "lineItems", OBJECTIVE), versions=NEW
)
RESULT_OBJECTIVES = record(
    "resultLearningObjectiveIds",
    *_objectives("result", "results", OBJECTIVE),
    Column("score", Kind.NUMBER, personal=True),
    text("textScore", personal=True),
    versions=NEW,
)
SCALE = ref("scoreScaleSourcedId", "scoreScales", required=True)
LINE_ITEM_SCALES = record(
    "lineItemScoreScales",
    text("title", required=True),
    ref("lineItemSourcedId", "lineItems", required=True),
    SCALE,
    versions=NEW,
)
RESULT_SCALES = record(
    "resultScoreScales",
    text("title", required=True),
    ref("resultSourcedId", "results", required=True),
    SCALE,
    versions=NEW,
)
RESOURCES = record(
    "resources",
    text("vendorResourceId", required=True),
    text("title"),
    text("roles"),
    Column("importance", Kind.ENUM, words=("primary", "secondary"), open=False),
    text("vendorId"),
    text("applicationId"),
    versions=GRADEBOOK,
)
RESOURCE = ref("resourceSourcedId", "resources", required=True)
CLASS_RESOURCES = record(
    "classResources", text("title"), ref("classSourcedId", "classes", required=True), RESOURCE, versions=GRADEBOOK
)
COURSE_RESOURCES = record(
    "courseResources", text("title"), ref("courseSourcedId", "courses", required=True), RESOURCE, versions=GRADEBOOK
)
USER_RESOURCES = record(
    "userResources",
    ref("userSourcedId", "users", required=True, personal=True),
    ref("orgSourcedId", "orgs"),
    ref("classSourcedId", "classes"),
    RESOURCE,
    versions=NEW,
)

OTHER_FILES = (
    CATEGORIES,
    LINE_ITEMS,
    RESULTS,
    SCORE_SCALES,
    LINE_ITEM_OBJECTIVES,
    LINE_ITEM_SCALES,
    RESULT_OBJECTIVES,
    RESULT_SCALES,
    RESOURCES,
    CLASS_RESOURCES,
    COURSE_RESOURCES,
    USER_RESOURCES,
)

"""The steps of one import in their order: stage, check, match, write."""

from collections.abc import Callable

from psycopg import sql

from rostering.errors import BundleRefusedError
from rostering.intake.adults import link_guardians, write_adults, write_roles
from rostering.intake.aliases import follow_aliases
from rostering.intake.context import Intake, run, scalar
from rostering.intake.demographics import changed_demographics, write_demographics
from rostering.intake.enrollments import changed_enrollments, follow_sections, write_enrollments
from rostering.intake.leaving import is_first_of_year, keep_last_year, let_leave, remember_before
from rostering.intake.matching import match_students
from rostering.intake.people import prepare_people
from rostering.intake.school_year import bundle_school_year
from rostering.intake.structure import write_courses, write_orgs, write_sections, write_sessions
from rostering.intake.students import write_students
from rostering.oneroster.bundle import Bundle
from rostering.oneroster.checks import check_duplicates, check_rows, fetched
from rostering.oneroster.manifest import BULK, Manifest
from rostering.oneroster.references import check_references
from rostering.oneroster.specs import files_of
from rostering.oneroster.staging import stage_files
from rostering.oneroster.words import compose, roster, staged

Progress = Callable[[str, float], None]
WORK_MEMORY = "256MB"
SCHOOLLESS = """
SELECT s.row_no, left(s."schoolSourcedId", 255) FROM {classes} AS s
JOIN {orgs} AS o ON o."sourcedId" = s."schoolSourcedId" WHERE NOT {leaving} AND {kind} <> 'school' ORDER BY 1
"""
UNCHANGED = """
SELECT count(*) FROM {users} AS s JOIN {identity} AS i ON i.sourced_id = s."sourcedId"
WHERE s.row_no NOT IN (SELECT row_no FROM {people})
"""


def read_files(intake: Intake, bundle: Bundle, manifest: Manifest, progress: Progress) -> None:
    """Load every file into staging."""
    run(compose("SET LOCAL work_mem = {m}", m=sql.Literal(WORK_MEMORY)))
    # What a row means is an expression, of which the planner has no statistics: it guesses few rows, and would then
    # look up a million one by one.
    run(sql.SQL("SET LOCAL enable_nestloop = off"))
    run(compose("SET LOCAL maintenance_work_mem = {m}", m=sql.Literal(WORK_MEMORY)))
    # Staging tables are analysed for their size and the like, not for the shape of each column: a small sample does.
    run(sql.SQL("SET LOCAL default_statistics_target = 10"))
    _check_completeness(intake, manifest)
    for done, file in enumerate(stage_files(bundle, manifest, intake.found)):
        progress(f"read {file.spec.file}", 0.4 * (done + 1) / max(len(manifest.modes), 1))
        intake.files[file.spec.name] = file
        run(compose("ANALYZE {t}", t=file.raw))
        if not file.spec.imported:
            intake.counts[file.spec.name] = {"read": file.rows, "not_imported": file.rows}
    follow_aliases(intake)


def check_files(intake: Intake, progress: Progress) -> dict[str, sql.Composable]:
    """Check everything that was staged, and match people; returns for each large file its rows that are new.

    Raises:
        BundleRefusedError: there are errors; they are noted in `intake.found`.
    """
    found, changed = intake.found, dict[str, sql.Composable]()
    if "academicSessions" in intake.files:
        check_rows(intake.files["academicSessions"], intake.files["academicSessions"].table, found)
    if not found.errors:
        intake.school_year = bundle_school_year(intake)
        changed = _changed(intake)
    progress("compared with the roster", 0.5)
    for name, file in intake.files.items():
        if name != "academicSessions":
            check_rows(file, changed.get(name, file.table), found)
        check_duplicates(file, found)
    check_references(intake.files, changed, found)
    if intake.has("classes"):
        _check_schools(intake)
    if found.errors:
        raise BundleRefusedError
    progress("checked", 0.6)
    if intake.has("users"):
        match_students(intake)
    if found.errors:
        raise BundleRefusedError
    return changed


def apply_files(intake: Intake, changed: dict[str, sql.Composable], progress: Progress) -> None:
    """Write what is new, changed and gone. Everything has been checked."""
    first_of_year = is_first_of_year(intake)
    if first_of_year:
        keep_last_year()
    remember_before(intake)
    write_orgs(intake)
    write_sessions(intake)
    write_courses(intake)
    write_sections(intake)
    progress("schools and sections", 0.65)
    if intake.has("users"):
        write_students(intake)
        write_adults(intake)
        write_roles(intake)
        link_guardians(intake)
        _count_people(intake)
    progress("people", 0.8)
    let_leave(intake, first_of_year=first_of_year)
    follow_sections(intake)
    if intake.has("enrollments"):
        write_enrollments(intake, changed["enrollments"])
    write_demographics(intake)
    run(sql.SQL("SET CONSTRAINTS ALL IMMEDIATE"))
    progress("enrollments and demographics", 1.0)


def _changed(intake: Intake) -> dict[str, sql.Composable]:
    """The rows of the large files that the roster does not have exactly so. Only they are judged and written."""
    changed: dict[str, sql.Composable] = {}
    if intake.has("users"):
        prepare_people(intake)
        intake.is_first = not any(
            scalar(compose("SELECT EXISTS (SELECT FROM {t})", t=roster(f"{kind}identity")))
            for kind in ("student", "educator", "guardian")
        )
        users = intake.files["users"].table
        changed["users"] = compose(
            "{u}" if intake.is_first else "(SELECT s.* FROM {u} AS s WHERE s.row_no IN (SELECT row_no FROM {p}))",
            u=users,
            p=staged("people"),
        )
    if intake.has("enrollments"):
        changed["enrollments"] = changed_enrollments(intake)
    if intake.has("demographics"):
        changed["demographics"] = changed_demographics(intake)
    return changed


def _check_completeness(intake: Intake, manifest: Manifest) -> None:
    """Rostering in bulk needs its files: without courses real feeds do, without the others strict mode does not."""
    bulk = {name for name, mode in manifest.modes.items() if mode == BULK}
    needed = {spec.name: spec for spec in files_of(manifest.version) if spec.needed or spec.name == "courses"}
    if not bulk & needed.keys():
        return
    for name, spec in needed.items():
        if name not in manifest.modes and name == "courses":
            intake.found.add("package.courses_absent", spec.file)
        elif name not in manifest.modes and intake.found.strict:
            intake.found.add("package.missing_file", spec.file)


def _check_schools(intake: Intake) -> None:
    """A section is taught at a school, not at another org of the bundle."""
    if not intake.has("orgs"):
        return
    query = compose(
        SCHOOLLESS,
        classes=intake.files["classes"].table,
        leaving=intake.leaving("classes"),
        orgs=intake.files["orgs"].table,
        kind=intake.value("orgs", "type", "o"),
    )
    intake.found.add_many("reference.not_a_school", "classes.csv", "schoolSourcedId", fetched(query))


def _count_people(intake: Intake) -> None:
    """How many of each kind were read: those that are new or changed, and those that the roster had exactly so.

    Somebody may be of two kinds, and is then counted with both.
    """
    people, users = staged("people"), intake.files["users"].raw
    for kind in ("student", "educator", "guardian"):
        changed = scalar(compose("SELECT count(*) FROM {p} WHERE {k}", p=people, k=sql.Identifier(f"is_{kind}")))
        unchanged = 0
        if not intake.is_first:
            unchanged = scalar(compose(UNCHANGED, users=users, identity=roster(f"{kind}identity"), people=people))
        intake.counts[kind]["read"] = changed + unchanged
        intake.counts[kind]["unchanged"] = unchanged

"""A scope as conditions on rows: whose sight, which years, and every filter. No query of a report goes without them."""

import datetime as dt

from psycopg import sql

from products.datamap import Key
from reports.yearend.compile.people import in_grade, seen_by_educator, students_of_educator, students_of_section
from reports.yearend.compile.relation import Relation
from reports.yearend.compile.text import Text, compose, literals
from reports.yearend.scope import Scope
from reports.yearend.words import Report
from resets.policies.registry import rules_for
from resets.policies.words import Retain, Show
from tenants.schema import district_table

GROUPS = "groups"
ONLY = "{who} = ANY(ARRAY({students}))"
NOTHING = sql.SQL("false")


def where(report: Report, relation: Relation, scope: Scope) -> dict[str, list[Text]]:
    """The conditions on each of a relation's tables, in a report."""
    same = [
        *_of_report(report, relation),
        *_policy(relation, scope),
        *_seen(relation, scope),
        *_filtered(relation, scope),
        *only_students(relation.standing("student_id"), relation, scope),
    ]
    return {table: [*_years(report, relation, scope), *same] for table in relation.tables}


def only_students(who: Text, relation: Relation, scope: Scope) -> list[Text]:
    """The conditions that say which students it can be at all: for indexes, and for choosing a page of them."""
    found: list[Text] = []
    if scope.student is not None:
        found.append(compose("{w} = {s}", w=who, s=sql.Literal(scope.student)))
    if scope.section is not None:
        found.append(compose(ONLY, who=who, students=students_of_section(scope.section)))
    if scope.sight.educator_id is not None:
        found.append(compose(ONLY, who=who, students=students_of_educator(scope.sight.educator_id)))
    if scope.group is not None:
        found.append(_in_group(who, relation, scope))
    return found


def _of_report(report: Report, relation: Relation) -> list[Text]:
    if set(relation.category.products) <= set(report.products):
        return []
    return [compose("{p} IN ({all})", p=relation.standing("product"), all=literals(p.code for p in report.products))]


def _years(report: Report, relation: Relation, scope: Scope) -> list[Text]:
    if not relation.is_fact:
        return []
    years = sorted(scope.years)
    if report.cumulative and relation.table.archive and scope.previous is not None:
        years = [year for year in years if year >= scope.previous]
    if not years:
        return [NOTHING]
    return [compose("{y} IN ({all})", y=relation.standing("school_year"), all=literals(years))]


def _policy(relation: Relation, scope: Scope) -> list[Text]:
    """What a policy shows of a category: "Shows data up to 180 days in the past", "Retained as far back as 2019"."""
    found: list[Text] = []
    for rule in rules_for(relation.suite.code, relation.category.code):
        match rule.action:
            case Show(last=last):
                since = sql.Literal(scope.as_of - dt.timedelta(days=last))
                found.append(compose("{d} >= {since}", d=relation.standing("occurred_on"), since=since))
            case Retain(since=int(first)) if relation.is_fact:
                year = relation.standing("school_year")
                found.append(compose("{y} >= {first}", y=year, first=sql.Literal(first)))
            case _:
                pass
    return found


def _seen(relation: Relation, scope: Scope) -> list[Text]:
    found: list[Text] = []
    if scope.sight.school_id is not None:
        own = sql.Literal(scope.sight.school_id)
        found.append(compose("{s} = {own}", s=relation.standing("school_id"), own=own))
    if scope.sight.educator_id is not None:
        who, year = relation.standing("student_id"), relation.standing("school_year")
        found.append(seen_by_educator(who, year, scope.sight.educator_id))
    return found


def _filtered(relation: Relation, scope: Scope) -> list[Text]:
    found: list[Text] = []
    if scope.product:
        found.append(compose("{p} = {v}", p=relation.standing("product"), v=sql.Literal(scope.product)))
    if scope.school is not None:
        found.append(compose("{s} = {v}", s=relation.standing("school_id"), v=sql.Literal(scope.school)))
    if scope.grade:
        found.append(in_grade(relation.standing("student_id"), relation.standing("school_year"), scope.grade))
    if relation.has_days:
        day = relation.standing("occurred_on")
        if scope.since:
            found.append(compose("{d} >= {v}", d=day, v=sql.Literal(scope.since)))
        if scope.until:
            found.append(compose("{d} <= {v}", d=day, v=sql.Literal(scope.until)))
    return found


def _in_group(who: Text, relation: Relation, scope: Scope) -> Text:
    """Members of the group, live or archived; nobody in a suite without groups."""
    category = next((each for each in relation.suite.categories if each.code == GROUPS), None)
    tables = [table for table in category.tables if table.key is Key.STUDENT] if category else []
    if not tables:
        return NOTHING
    found = [
        compose(
            "SELECT g.student_id FROM {t} AS g WHERE g.group_id = {v}",
            t=district_table(name),
            v=sql.Literal(scope.group),
        )
        for name in filter(None, (tables[0].name, tables[0].archive_name))
    ]
    return compose(ONLY, who=who, students=sql.SQL(" UNION ALL ").join(found))

"""What a made-up district's roster says in a school year, row by row."""

import unicodedata
from typing import Any

from products.generator.dice import chance, dice, ordered_id
from products.generator.families import Family, Student, families
from products.generator.names import Language
from products.generator.plan import GRADES, Calendar, Plan, SchoolPlan
from products.generator.roster_files import RosterFiles
from products.generator.sections import Employee, course_id, section_of, sections, staff, subjects, teacher_id

RACES = (
    "americanIndianOrAlaskaNative",
    "asian",
    "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander",
    "white",
    "demographicRaceTwoOrMoreRaces",
)


class Roster:
    """One school year of a district, on its way into files."""

    def __init__(self, plan: Plan, year: int, files: RosterFiles) -> None:
        self.plan, self.year, self.add = plan, year, files.add
        self.calendar = Calendar(year)
        self.host = f"{plan.slug}.example"

    def write(self, years_on: int) -> None:
        """Everything, people family by family."""
        self._sessions()
        self._orgs()
        self._classes()
        for employee in staff(self.plan):
            self._employee(employee)
        for family in families(self.plan, years_on):
            self._family(family)

    def _sessions(self) -> None:
        year, days = self.year, self.calendar
        for name, title, kind, starts_on, ends_on, parent in (
            ("year", f"{year - 1}-{year}", "schoolYear", days.starts_on, days.ends_on, ""),
            ("fall", "First semester", "semester", days.starts_on, days.winter_on, f"session-{year}-year"),
            ("spring", "Second semester", "semester", days.winter_on, days.ends_on, f"session-{year}-year"),
        ):
            self.add(
                "academicSessions",
                sourcedId=f"session-{year}-{name}",
                title=title,
                type=kind,
                startDate=starts_on,
                endDate=ends_on,
                parentSourcedId=parent,
                schoolYear=year,
            )

    def _orgs(self) -> None:
        plan = self.plan
        self.add("orgs", sourcedId=plan.district_id, name=plan.name, type="district", identifier=f"{plan.seed:07}")
        for school in plan.schools:
            self.add(
                "orgs",
                sourcedId=school.sourced_id,
                name=school.name,
                type="school",
                identifier=f"{plan.seed:07}{school.number:05}",
                parentSourcedId=plan.district_id,
            )

    def _classes(self) -> None:
        taught = {(subject, grade) for grade in range(len(GRADES)) for subject in subjects(grade)}
        for subject, grade in sorted(taught, key=lambda pair: (pair[1], pair[0])):
            self.add(
                "courses",
                sourcedId=course_id(subject, grade),
                schoolYearSourcedId=f"session-{self.year}-year",
                title=f"{subject} {GRADES[grade]}",
                courseCode=f"{subject[:4].strip().upper()}{GRADES[grade]}",
                grades=GRADES[grade],
                orgSourcedId=self.plan.district_id,
                subjects=subject,
            )
        for section in sections(self.plan, self.year):
            self.add(
                "classes",
                sourcedId=section.sourced_id,
                title=section.title,
                grades=GRADES[section.grade],
                courseSourcedId=section.course_id,
                classCode=section.title.replace(" ", "")[:30],
                classType="homeroom" if section.subject == "Homeroom" else "scheduled",
                schoolSourcedId=section.school.sourced_id,
                termSourcedIds=f"session-{self.year}-fall,session-{self.year}-spring",
                subjects=section.subject,
            )
            self._enroll(section.sourced_id, section.school, teacher_id(self.plan, section.teacher), role="teacher")

    def _employee(self, employee: Employee) -> None:
        local = _login(employee.given, employee.family, employee.number[-5:])
        self.add(
            "users",
            sourcedId=employee.sourced_id,
            enabledUser="true",
            username=local,
            givenName=employee.given,
            familyName=employee.family,
            identifier=employee.number,
            email=f"{local}@staff.{self.host}",
            primaryOrgSourcedId=employee.school.sourced_id,
        )
        self._role(employee.sourced_id, employee.role, employee.school)

    def _family(self, family: Family) -> None:
        schools = [self.plan.school_of(student.zone, student.grade) for student in family.students]
        for adult in family.adults:
            local = _login(adult.given, adult.family, f"{family.number}")
            self.add(
                "users",
                sourcedId=adult.sourced_id,
                enabledUser="true",
                username=f"p.{local}.{adult.sourced_id[-4:]}",
                givenName=adult.given,
                familyName=adult.family,
                email=f"{local}.{adult.sourced_id[-4:]}@families.{self.host}",
                phone=adult.phone,
            )
            self._role(adult.sourced_id, "guardian" if adult.relation == "guardian" else "parent", schools[0])
        agents = ",".join(adult.sourced_id for adult in family.adults)
        for student, school in zip(family.students, schools, strict=True):
            self._student(family, student, school, agents)

    def _student(self, family: Family, student: Student, school: SchoolPlan, agents: str) -> None:
        child = student.child
        local = _login(child.given, family.name, student.student_number[-5:] + student.student_number[:3])
        self.add(
            "users",
            sourcedId=student.sourced_id,
            enabledUser="true",
            username=local,
            userIds=f"{{StateID:{_state_id(self.plan.seed, child.number)}}}",
            givenName=child.given,
            familyName=family.name,
            middleName=child.middle,
            identifier=student.student_number,
            email=f"{local}@students.{self.host}",
            agentSourcedIds=agents,
            grades=GRADES[student.grade],
            primaryOrgSourcedId=school.sourced_id,
        )
        self._role(student.sourced_id, "student", school)
        self._demographics(family.language, student)
        began_at = self.plan.school_of(student.came_from, student.grade) if student.came_from is not None else school
        moved_on = self.calendar.winter_on if began_at != school else self.calendar.starts_on
        if began_at != school:
            subject = subjects(student.grade)[0]
            old = section_of(self.plan, self.year, began_at, student.grade, subject=subject, student=child.number)
            self._enroll(old, began_at, student.sourced_id, beginDate=self.calendar.starts_on, endDate=moved_on)
        for subject in subjects(student.grade):
            section = section_of(self.plan, self.year, school, student.grade, subject=subject, student=child.number)
            self._enroll(section, school, student.sourced_id, beginDate=moved_on, endDate=self.calendar.ends_on)

    def _demographics(self, language: Language, student: Student) -> None:
        seed, number = self.plan.seed, student.child.number
        races = [language.race] if language.race else []
        if chance(seed, number, "race") < 0.08:
            races.append(dice(seed, number, "second race").choice(RACES))
        sex = student.child.sex if chance(seed, number, "sex") > 0.004 else "unspecified"
        hispanic = language.hispanic or chance(seed, number, "hispanic") < 0.05
        self.add(
            "demographics",
            sourcedId=student.sourced_id,
            birthDate=student.child.birth_date,
            sex=sex,
            hispanicOrLatinoEthnicity=_boolean(hispanic),
            **{race: _boolean(race in races) for race in RACES},
        )

    def _role(self, user: str, role: str, school: SchoolPlan) -> None:
        self.add(
            "roles",
            sourcedId=f"role-{user}",
            userSourcedId=user,
            roleType="primary",
            role=role,
            orgSourcedId=school.sourced_id,
        )

    def _enroll(self, section: str, school: SchoolPlan, user: str, *, role: str = "student", **dates: Any) -> None:
        self.add(
            "enrollments",
            sourcedId=ordered_id(self.plan.seed, self.year, section, user),
            classSourcedId=section,
            schoolSourcedId=school.sourced_id,
            userSourcedId=user,
            role=role,
            primary="true" if role == "teacher" else "",
            **dates,
        )


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _state_id(seed: int, number: int) -> int:
    """A state ID of ten digits; two made-up districts share none, so that nobody of one seems known in the other."""
    return (1_000 + seed % 9_000) * 1_000_000 + number


def _login(given: str, family: str, suffix: str) -> str:
    """A user name of ASCII letters, whatever the script; the suffix keeps it apart from others."""
    letters = [_ascii(part) for part in (given, family)]
    return ".".join(filter(None, [*letters, suffix]))


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).replace("ł", "l").replace("Ł", "L").replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in plain.lower() if letter.isascii() and letter.isalnum())

"""The roster of a large district, made inside PostgreSQL: schools of three kinds, classes of 25, last year's grades."""

from dataclasses import dataclass

from django.db import connection

YEAR = 2026
CLASS = 25
SUBJECTS = ("Reading", "Math", "Homeroom")

PEOPLE = """
INSERT INTO rostering_school (id, sourced_id, name, number, parent_sourced_id, is_active)
SELECT n, 'school-' || n, 'School ' || lpad(n::text, 4, '0'), n, '', true FROM generate_series(1, {schools}) AS n;
INSERT INTO rostering_student (id, school_id, grade, status, school_year, rostered_on)
SELECT n, 1 + n % {schools},
       CASE n % {schools} % 3 WHEN 0 THEN (ARRAY['KG', '01', '02', '03', '04', '05'])[1 + n / {schools} / 25 % 6]
                              WHEN 1 THEN (ARRAY['06', '07', '08'])[1 + n / {schools} / 25 % 3]
                              ELSE (ARRAY['09', '10', '11', '12'])[1 + n / {schools} / 25 % 4] END,
       CASE WHEN n % 100 = 0 THEN 'anonymized' ELSE 'active' END, {year}, '2025-08-15'
FROM generate_series(0, {students} - 1) AS n;
INSERT INTO rostering_studentidentity (student_id, sourced_id, student_number, state_id, given_name, middle_name,
                                       family_name, preferred_name, username, email)
SELECT n, md5('student' || n), n, '', 'Given' || abs(hashint4(n)) % 5000, '',
       'Family' || abs(hashint4(n + 7)) % 20000, '', '', ''
FROM generate_series(0, {students} - 1) AS n WHERE n % 100 > 0;
INSERT INTO rostering_studentyear (student_id, school_year, school_id, grade)
SELECT id, {year} - 1, school_id, CASE grade WHEN 'KG' THEN 'PK' WHEN '01' THEN 'KG'
                                  ELSE lpad((grade::int - 1)::text, 2, '0') END
FROM rostering_student WHERE id % 10 > 0;
INSERT INTO rostering_educator (id, status) SELECT n, 'active' FROM generate_series(0, {classes} - 1) AS n;
INSERT INTO rostering_educatoridentity (educator_id, sourced_id, staff_number, given_name, middle_name, family_name,
                                        username, email)
SELECT n, md5('educator' || n), n, 'Given' || n % 3000, '', 'Teacher' || n, '', ''
FROM generate_series(0, {classes} - 1) AS n;
INSERT INTO rostering_section (id, sourced_id, title, code, kind, school_id, school_year, term_sourced_ids, grades,
                               periods, is_active)
SELECT subject * {classes} + n, 'section-' || subject || '-' || n, word || ' ' || n / {schools}, '', 'scheduled',
       1 + n % {schools}, {year}, '', '', '', true
FROM generate_series(0, {classes} - 1) AS n, unnest({subjects}) WITH ORDINALITY AS t (word, subject);
INSERT INTO rostering_teachingassignment (id, sourced_id, educator_id, section_id, school_id, school_year, role,
                                          is_active)
SELECT id, 'assignment-' || id, id % {classes}, id, school_id, {year}, 'teacher', true FROM rostering_section;
INSERT INTO rostering_enrollment (id, sourced_id, student_id, section_id, school_id, school_year, is_active)
SELECT (subject - 1) * {students} + s.id, 'enrollment-' || subject || '-' || s.id, s.id,
       subject * {classes} + (s.id / {schools} / 25) * {schools} + s.id % {schools}, s.school_id, {year}, true
FROM rostering_student AS s, generate_series(1, {many}) AS subject;
"""
"""Student `n` goes to school `n % schools`, and there to class `n / schools / 25` of each subject."""


@dataclass(frozen=True)
class Roster:
    """How large a roster is; its students fill the classes of all schools evenly."""

    students: int
    schools: int

    @property
    def classes(self) -> int:
        """The classes of one subject."""
        return self.schools * -(-self.students // (self.schools * CLASS))


def fill_roster(roster: Roster) -> None:
    """Make the people of the entered district."""
    subjects = "ARRAY[" + ", ".join(f"'{word}'" for word in SUBJECTS) + "]"
    sizes = {"students": roster.students, "schools": roster.schools, "classes": roster.classes, "year": YEAR}
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX student_name_search")  # nothing here searches, and it takes longer than all the rest
        cursor.execute(PEOPLE.format(**sizes, subjects=subjects, many=len(SUBJECTS)))

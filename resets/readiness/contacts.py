"""What student and parent accounts are set up with: a guardian's e-mail address, and the birth date."""

from rostering.readiness import Item, Subject

SOURCE = (
    "You may also want to confirm that specific fields are included in your district's automated import for student "
    "information, including guardian email addresses and date of birth for easy student/parent account setup."
)
TODO = "Fill it in in your SIS, have it in the export, and upload the roster again: {file}."

GUARDIANS = Item(
    code="guardian-email",
    title="Guardians' e-mail addresses",
    source=SOURCE,
    todo=TODO.format(file="users.csv, a guardian with an email, named in the student's agentSourcedIds"),
    subject=Subject.STUDENT,
    rows="""
    SELECT s.id AS key, s.school_id, 'none' AS why, '' AS was, s.grade AS now FROM {student} AS s
    WHERE s.status = 'active' AND s.school_year = {school_year} AND NOT EXISTS (
        SELECT FROM {studentguardian} AS l JOIN {guardian} AS g ON g.id = l.guardian_id AND g.status = 'active'
        JOIN {guardianidentity} AS i ON i.guardian_id = g.id AND i.email <> ''
        WHERE l.student_id = s.id)
    """,
    words={"none": "No guardian with an e-mail address is on the roster."},
    good="Every student has a guardian with an e-mail address.",
)
BIRTHS = Item(
    code="birth-date",
    title="Birth dates",
    source=SOURCE,
    todo=TODO.format(file="demographics.csv, birthDate"),
    subject=Subject.STUDENT,
    rows="""
    SELECT s.id AS key, s.school_id, 'none' AS why, '' AS was, s.grade AS now FROM {student} AS s
    JOIN {studentidentity} AS i ON i.student_id = s.id
    WHERE s.status = 'active' AND s.school_year = {school_year} AND i.birth_date IS NULL
    """,
    words={"none": "The birth date is not on the roster."},
    good="Every student's birth date is on the roster.",
)

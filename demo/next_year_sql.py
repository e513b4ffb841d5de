"""The SQL of next year's roster: a plan in temporary tables, and one query per OneRoster file."""

LADDER = ["PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]

PLAN = (
    "DROP VIEW IF EXISTS pg_temp.arriving",
    "DROP TABLE IF EXISTS pg_temp.next_student, pg_temp.next_section, pg_temp.next_session",
    """
    CREATE TEMPORARY TABLE next_session AS
    SELECT 'year-' || {year} AS sourced_id, {year} AS school_year, {starts_on}::date AS starts_on,
           {ends_on}::date AS ends_on
    """,
    """
    CREATE TEMPORARY TABLE next_student AS
    WITH grades AS (SELECT {ladder}::text[] AS ladder),
    offered AS (
        SELECT grade, school_id, row_number() OVER (PARTITION BY grade ORDER BY school_id) - 1 AS nth,
               count(*) OVER (PARTITION BY grade) AS schools
        FROM (SELECT DISTINCT grade, school_id FROM {schema}.rostering_student
              WHERE status = 'active' AND grade <> '' AND school_id IS NOT NULL) AS taught
    ),
    promoted AS (
        SELECT s.id, s.school_id, i.sourced_id, i.student_number, i.given_name, i.family_name, i.middle_name,
               i.username, i.email, i.birth_date,
               ladder[CASE WHEN s.grade = 'PK' THEN 3 ELSE array_position(ladder, s.grade) + 1 END] AS grade,
               abs(hashtextextended(i.sourced_id, 7)) AS dice
        FROM {schema}.rostering_student AS s
        JOIN {schema}.rostering_studentidentity AS i ON i.student_id = s.id CROSS JOIN grades
        WHERE s.status = 'active'
    )
    SELECT p.id AS student_id, p.sourced_id, p.student_number, p.given_name, p.family_name, p.middle_name, p.username,
           p.email, p.birth_date, p.grade, coalesce(same.school_id, next.school_id) AS school_id, p.dice,
           CASE WHEN coalesce(same.school_id, next.school_id) IS NULL THEN 'graduated'
                WHEN p.dice % 100 < {moved} THEN 'moved'
                WHEN p.dice % 100 < {late} THEN 'late'
                WHEN p.dice % 100 < {too_late} THEN 'too_late'
                ELSE 'returning' END AS fate
    FROM promoted AS p
    LEFT JOIN offered AS same ON same.grade = p.grade AND same.school_id = p.school_id
    LEFT JOIN offered AS next ON next.grade = p.grade AND next.nth = p.dice % next.schools
    """,
    """
    INSERT INTO pg_temp.next_student
    WITH leavers AS (SELECT * FROM pg_temp.next_student WHERE fate IN ('graduated', 'moved')),
    first AS (SELECT row_number() OVER (ORDER BY student_id) AS n, given_name FROM leavers),
    last AS (SELECT row_number() OVER (ORDER BY dice) AS n, family_name FROM leavers),
    entry AS (SELECT grade FROM {schema}.rostering_student WHERE status = 'active' AND school_id > 0
              AND grade NOT IN ('', 'PK', 'TK', 'UG') ORDER BY grade = 'KG' DESC, grade LIMIT 1),
    taught AS (
        SELECT grade, school_id, row_number() OVER (ORDER BY school_id) - 1 AS nth, count(*) OVER () AS schools
        FROM (SELECT DISTINCT grade, school_id FROM {schema}.rostering_student
              WHERE status = 'active' AND school_id > 0 AND grade = (SELECT grade FROM entry)) AS entries
    )
    SELECT NULL, 'new-' || {year} || '-' || n, 'Y' || {year} || lpad(n::text, 6, '0'), given_name, family_name, '',
           'new.' || {year} || '.' || n, '', make_date({year} - 6, (1 + n % 12)::int, (1 + n % 28)::int),
           grade, school_id, abs(hashtextextended(n::text, 5)), 'new'
    FROM first JOIN last USING (n) JOIN taught ON nth = n % schools
    """,
    """
    CREATE TEMPORARY TABLE next_section AS
    SELECT 'class-' || {year} || '-' || school_id || '-' || grade || '-' || part AS sourced_id, school_id, grade, part
    FROM (SELECT DISTINCT school_id, grade, dice % 4 AS part FROM pg_temp.next_student WHERE school_id IS NOT NULL) AS s
    """,
    "ANALYZE pg_temp.next_student",
)

ARRIVING = (
    "DROP VIEW IF EXISTS pg_temp.arriving",
    "CREATE TEMPORARY VIEW arriving AS SELECT * FROM pg_temp.next_student WHERE fate = ANY({fates})",
)

FILES = {
    "academicSessions": """
        SELECT sourced_id AS "sourcedId", '' AS status, '' AS "dateLastModified",
               (school_year - 1) || '-' || school_year AS title, 'schoolYear' AS type, starts_on AS "startDate",
               ends_on AS "endDate", '' AS "parentSourcedId", school_year AS "schoolYear" FROM pg_temp.next_session
        UNION ALL
        SELECT sourced_id || '-t1', '', '', 'First grading period', 'gradingPeriod', starts_on, starts_on + 75,
               sourced_id, school_year FROM pg_temp.next_session
        """,
    "orgs": """
        SELECT sourced_id AS "sourcedId", '' AS status, '' AS "dateLastModified", name, kind AS type, identifier,
               parent_sourced_id AS "parentSourcedId" FROM {schema}.rostering_parentorg WHERE is_active
        UNION ALL
        SELECT sourced_id, '', '', name, 'school', number, parent_sourced_id FROM {schema}.rostering_school
        WHERE is_active
        """,
    "courses": """
        SELECT DISTINCT 'course-' || grade AS "sourcedId", '' AS status, '' AS "dateLastModified",
               (SELECT sourced_id FROM pg_temp.next_session) AS "schoolYearSourcedId", 'Homeroom ' || grade AS title,
               'HR' || grade AS "courseCode", grade AS grades,
               (SELECT sourced_id FROM {schema}.rostering_school WHERE is_active ORDER BY id LIMIT 1) AS "orgSourcedId",
               'Homeroom' AS subjects, '' AS "subjectCodes"
        FROM pg_temp.next_section
        """,
    "classes": """
        SELECT n.sourced_id AS "sourcedId", '' AS status, '' AS "dateLastModified",
               'Homeroom ' || n.grade || ' ' || chr(65 + n.part::int) AS title, n.grade AS grades,
               'course-' || n.grade AS "courseSourcedId", '' AS "classCode", 'homeroom' AS "classType", '' AS location,
               s.sourced_id AS "schoolSourcedId",
               (SELECT sourced_id || '-t1' FROM pg_temp.next_session) AS "termSourcedIds",
               'Homeroom' AS subjects, '' AS "subjectCodes", '1' AS periods
        FROM pg_temp.next_section AS n JOIN {schema}.rostering_school AS s ON s.id = n.school_id
        """,
    "users": """
        SELECT n.sourced_id AS "sourcedId", '' AS status, '' AS "dateLastModified", 'true' AS "enabledUser",
               coalesce(nullif(n.username, ''), n.sourced_id) AS username, '' AS "userIds", n.given_name AS "givenName",
               n.family_name AS "familyName", n.middle_name AS "middleName", n.student_number AS identifier, n.email,
               '' AS sms, '' AS phone,
               coalesce((SELECT string_agg(g.sourced_id, ',' ORDER BY g.sourced_id)
                         FROM {schema}.rostering_studentguardian AS l
                         JOIN {schema}.rostering_guardianidentity AS g ON g.guardian_id = l.guardian_id
                         WHERE l.student_id = n.student_id), '') AS "agentSourcedIds",
               n.grade AS grades, '' AS password, '' AS "userMasterIdentifier", '' AS "preferredGivenName",
               '' AS "preferredMiddleName", '' AS "preferredFamilyName", s.sourced_id AS "primaryOrgSourcedId",
               '' AS pronouns
        FROM pg_temp.arriving AS n JOIN {schema}.rostering_school AS s ON s.id = n.school_id
        UNION ALL
        SELECT i.sourced_id, '', '', 'true', coalesce(nullif(i.username, ''), i.sourced_id), '', i.given_name,
               i.family_name, i.middle_name, i.staff_number, i.email, '', '', '', '', '', '', '', '', '', '', ''
        FROM {schema}.rostering_educatoridentity AS i
        JOIN {schema}.rostering_educator AS e ON e.id = i.educator_id AND e.status = 'active'
        UNION ALL
        SELECT DISTINCT g.sourced_id, '', '', 'true', g.sourced_id, '', g.given_name, g.family_name, '', '', g.email,
               '', g.phone, '', '', '', '', '', '', '', '', ''
        FROM pg_temp.arriving AS n JOIN {schema}.rostering_studentguardian AS l ON l.student_id = n.student_id
        JOIN {schema}.rostering_guardianidentity AS g ON g.guardian_id = l.guardian_id
        """,
    "roles": """
        SELECT 'role-' || n.sourced_id AS "sourcedId", '' AS status, '' AS "dateLastModified",
               n.sourced_id AS "userSourcedId", 'primary' AS "roleType", 'student' AS role, '' AS "beginDate",
               '' AS "endDate", s.sourced_id AS "orgSourcedId", '' AS "userProfileSourcedId"
        FROM pg_temp.arriving AS n JOIN {schema}.rostering_school AS s ON s.id = n.school_id
        UNION ALL
        SELECT 'role-' || i.sourced_id || '-' || s.id, '', '', i.sourced_id,
               CASE row_number() OVER (PARTITION BY i.sourced_id ORDER BY s.id)
                   WHEN 1 THEN 'primary' ELSE 'secondary' END,
               r.role, '', '', s.sourced_id, ''
        FROM (SELECT DISTINCT ON (educator_id, school_id) educator_id, school_id,
                     CASE role WHEN 'administrator' THEN 'siteAdministrator' ELSE role END AS role
              FROM {schema}.rostering_educatorrole WHERE is_active ORDER BY educator_id, school_id, id) AS r
        JOIN {schema}.rostering_educator AS e ON e.id = r.educator_id AND e.status = 'active'
        JOIN {schema}.rostering_educatoridentity AS i ON i.educator_id = e.id
        JOIN {schema}.rostering_school AS s ON s.id = r.school_id
        UNION ALL
        SELECT DISTINCT ON (g.sourced_id) 'role-' || g.sourced_id, '', '', g.sourced_id, 'primary', 'guardian', '', '',
               s.sourced_id, ''
        FROM pg_temp.arriving AS n JOIN {schema}.rostering_studentguardian AS l ON l.student_id = n.student_id
        JOIN {schema}.rostering_guardianidentity AS g ON g.guardian_id = l.guardian_id
        JOIN {schema}.rostering_school AS s ON s.id = n.school_id
        """,
    "enrollments": """
        SELECT 'enrollment-' || c.sourced_id || '-' || n.sourced_id AS "sourcedId", '' AS status,
               '' AS "dateLastModified", c.sourced_id AS "classSourcedId", s.sourced_id AS "schoolSourcedId",
               n.sourced_id AS "userSourcedId", 'student' AS role, '' AS "primary",
               (SELECT starts_on FROM pg_temp.next_session)::text AS "beginDate",
               (SELECT ends_on FROM pg_temp.next_session)::text AS "endDate"
        FROM pg_temp.arriving AS n
        JOIN pg_temp.next_section AS c ON c.school_id = n.school_id AND c.grade = n.grade AND c.part = n.dice % 4
        JOIN {schema}.rostering_school AS s ON s.id = n.school_id
        UNION ALL
        SELECT 'teaching-' || c.sourced_id, '', '', c.sourced_id, s.sourced_id, t.sourced_id, 'teacher', 'true', '', ''
        FROM pg_temp.next_section AS c JOIN {schema}.rostering_school AS s ON s.id = c.school_id
        JOIN LATERAL (
            SELECT i.sourced_id FROM {schema}.rostering_educatorrole AS r
            JOIN {schema}.rostering_educator AS e ON e.id = r.educator_id AND e.status = 'active'
            JOIN {schema}.rostering_educatoridentity AS i ON i.educator_id = e.id
            WHERE r.school_id = c.school_id AND r.is_active AND r.role = 'teacher'
            ORDER BY hashtextextended(i.sourced_id || c.sourced_id, 3) LIMIT 1
        ) AS t ON true
        """,
    "demographics": """
        SELECT n.sourced_id AS "sourcedId", '' AS status, '' AS "dateLastModified", n.birth_date AS "birthDate",
               coalesce(d.sex, '') AS sex, '' AS "americanIndianOrAlaskaNative", '' AS asian,
               '' AS "blackOrAfricanAmerican", '' AS "nativeHawaiianOrOtherPacificIslander", '' AS white,
               '' AS "demographicRaceTwoOrMoreRaces", '' AS "hispanicOrLatinoEthnicity", '' AS "countryOfBirthCode",
               '' AS "stateOfBirthAbbreviation", '' AS "cityOfBirth", '' AS "publicSchoolResidenceStatus"
        FROM pg_temp.arriving AS n
        LEFT JOIN {schema}.rostering_studentdemographics AS d ON d.student_id = n.student_id
        """,
}

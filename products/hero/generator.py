"""Made-up Hero data. About a fifth of the schools have let their subscription end with the school year."""

from products.generator.fill import Earlier, FactFill, long_tail, one_of

CODES = ("TARDY", "HALLWAY", "PHONE", "RESPECT", "TEAMWORK", "ON TIME", "HELPING", "DRESS CODE")

FACTS = (
    FactFill(
        "hero_trackingevent",
        "'hero'",
        long_tail(201, 2.5, 60),
        {
            "code": one_of(203, *CODES),
            "action": one_of(204, "", "", "", "Warning", "Detention", "Praise", "Call home"),
            "recorded_by_id": "(SELECT s.people[1 + floor(d(205) * cardinality(s.people))::int] FROM pg_temp.staff AS s"
            " WHERE s.school_id = l.school_id)",
            "note": "CASE WHEN d(206) < 0.15 THEN "
            + one_of(
                207, "Came in after the bell", "Second time this week", "Helped a new classmate", "Spoke with family"
            )
            + " ELSE '' END",
        },
        earlier=Earlier.ARCHIVED,
    ),
    FactFill(
        "hero_points",
        "'hero'",
        long_tail(211, 2.5, 80),
        {
            "points": "CASE WHEN d(213) < 0.8 THEN 1 + floor(10 * d(214)) ELSE -5 * (1 + floor(3 * d(214))) END",
            "reason": one_of(215, "Respect", "On time", "Teamwork", "School store", "Raffle"),
        },
        earlier=Earlier.ARCHIVED,
    ),
)

ONCE = (
    """
    INSERT INTO {schema}.hero_schoolsubscription (school_id, starts_on, ends_on)
    SELECT school_id, {starts_on} - 730, CASE WHEN place <= ended THEN make_date({year}, 6, 30) END
    FROM (
        SELECT school_id, row_number() OVER (ORDER BY hashint8extended(school_uid, {seed})) AS place,
               CASE WHEN count(*) OVER () > 1 THEN greatest(1, round(count(*) OVER () / 5.0)) ELSE 0 END AS ended
        FROM (SELECT DISTINCT school_id, school_uid FROM pg_temp.taught) AS schools
    ) AS placed
    """,
    """
    INSERT INTO {schema}.hero_herouser (school_id, educator_id, is_active)
    SELECT DISTINCT r.school_id, r.educator_id, r.educator_id % 14 <> 0
    FROM {schema}.rostering_educatorrole AS r JOIN pg_temp.taught AS t ON t.school_id = r.school_id WHERE r.is_active
    """,
    """
    INSERT INTO {schema}.hero_behaviorcode (school_id, code, name, points)
    SELECT DISTINCT t.school_id, c.code, initcap(c.code), c.points
    FROM pg_temp.taught AS t
    CROSS JOIN (VALUES ('TARDY', -1), ('HALLWAY', -2), ('PHONE', -2), ('RESPECT', 5), ('TEAMWORK', 5), ('ON TIME', 1),
                       ('HELPING', 3), ('DRESS CODE', -1)) AS c (code, points)
    """,
    """
    INSERT INTO {schema}.hero_actionsetting (school_id, action, threshold)
    SELECT DISTINCT t.school_id, a.action, a.threshold
    FROM pg_temp.taught AS t
    CROSS JOIN (VALUES ('Warning', 2), ('Detention', 4), ('Call home', 6), ('Praise', 5)) AS a (action, threshold)
    """,
    """
    INSERT INTO {schema}.hero_notificationtemplate (school_id, name, subject, body, is_on)
    SELECT DISTINCT t.school_id, n.name, n.subject, n.body, t.school_id % 4 <> 0
    FROM pg_temp.taught AS t
    CROSS JOIN (VALUES
        ('Tardy', 'Your student was tardy', 'We missed your student at the first bell.'),
        ('Praise', 'Good news from school', 'Your student earned Hero points today.'),
        ('Detention', 'Detention', 'Your student has a detention. Please call the office with questions.')
    ) AS n (name, subject, body)
    """,
    """
    INSERT INTO {schema}.hero_portalsetting (school_id, sends_emails, students_see_schedules, parents_see_schedules)
    SELECT DISTINCT t.school_id, true, true, t.school_id % 5 <> 0 FROM pg_temp.taught AS t
    """,
    """
    INSERT INTO {schema}.hero_settingchange (school_id, setting, before, after, actor, at, confirmed)
    SELECT DISTINCT t.school_id, 'Email notifications', 'off', 'on', 'command:generate_district',
           {starts_on}::timestamp AT TIME ZONE 'UTC', false
    FROM pg_temp.taught AS t
    """,
    """
    INSERT INTO {schema}.hero_studentcredential (school_id, student_id, username, password_hash)
    SELECT l.school_id, l.student_id, 'hero' || l.student_id, '!' || md5({seed} || 'student' || l.student_id)
    FROM pg_temp.learner AS l WHERE l.school_year = {year} AND l.grade >= 4 AND t(221) < 0.6
    """,
    """
    INSERT INTO {schema}.hero_parentcredential (school_id, guardian_id, username, password_hash)
    SELECT min(l.school_id), g.guardian_id, 'family' || g.guardian_id, '!' || md5({seed} || 'family' || g.guardian_id)
    FROM {schema}.rostering_studentguardian AS g
    JOIN pg_temp.learner AS l ON l.student_id = g.student_id AND l.school_year = {year}
    WHERE g.guardian_id % 10 < 4 GROUP BY g.guardian_id
    """,
)
AFTER = (
    """
    INSERT INTO {schema}.hero_pointsbalance (student_id, school_id, balance)
    SELECT l.student_id, l.school_id, greatest(0, coalesce(p.points, 0))
    FROM pg_temp.learner AS l
    JOIN (SELECT student_id, sum(points) AS points FROM {schema}.hero_points WHERE school_year = {year}
          GROUP BY student_id) AS p ON p.student_id = l.student_id
    WHERE l.school_year = {year}
    """,
)

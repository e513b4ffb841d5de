"""Made-up literacy data: elementary schools on Language & Literacy and Español, the others on Reading and Lectura."""

from products.generator.fill import Earlier, FactFill, long_tail, one_of

PRODUCT = """
CASE WHEN l.grade <= 6 THEN CASE WHEN t(101) < 0.2 THEN 'espanol' ELSE 'language_literacy' END
     ELSE CASE WHEN t(101) < 0.15 THEN 'lectura' ELSE 'reading' END END
"""
ON_LANGUAGE = "l.grade <= 6 AND t(101) >= 0.2"
LEVEL = one_of(112, "Beginning", "Emerging", "On level", "Above level")

FACTS = (
    FactFill(
        "literacy_benchmark",
        "'language_literacy'",
        "3",
        {
            "window": "(ARRAY['BOY', 'MOY', 'EOY'])[n]",
            "score": "(200 + 60 * l.grade + 150 * t(111) + 30 * n + 40 * d(113))::int",
            "level": LEVEL,
        },
        day="{starts_on} + (ARRAY[20, 150, 270])[n] + (15 * d(1))::int",
        whom=f"{ON_LANGUAGE} AND t(110) < 0.95",
        earlier=Earlier.ARCHIVED,
    ),
    FactFill(
        "literacy_placement",
        "'language_literacy'",
        "1",
        {"score": "(150 + 60 * l.grade + 200 * t(111))::int", "level": LEVEL},
        day="{starts_on} + (25 * d(1))::int",
        whom=f"{ON_LANGUAGE} AND (l.grade = 1 OR t(114) * 7 BETWEEN l.grade AND l.grade + 1)",
        earlier=Earlier.LIVE,
    ),
    FactFill(
        "literacy_progress",
        PRODUCT,
        long_tail(120, 6, 40),
        {
            "lesson": "'L' || l.grade || '-' || lpad((1 + d(122) * 180)::int::text, 3, '0')",
            "passed": "d(123) < 0.55 + 0.4 * t(124)",
            "attempts": "1 + floor(3 * d(125) * d(125))",
        },
        whom="t(110) < 0.85",
        earlier=Earlier.LIVE_LONG,
    ),
    FactFill(
        "literacy_usage",
        PRODUCT,
        "36",
        {"minutes": "5 + (90 * d(131) * d(132))::int", "sessions": "1 + floor(4 * d(133))"},
        day="{starts_on} - extract(isodow FROM {starts_on})::int + 1 + 8 * n",
        whom="t(110) < 0.85 AND d(130) < t(134) * t(134) * (CASE WHEN n IN (13, 17) THEN 0.2 ELSE 0.5 END)",
        earlier=Earlier.ARCHIVED,
    ),
    FactFill(
        "literacy_actionarea",
        "'language_literacy'",
        "floor(4 * t(140) * y(141))",
        {
            "skill": one_of(142, "Phonological awareness", "Decoding", "Vocabulary", "Comprehension", "Grammar"),
            "lessons_failed": "2 + floor(4 * d(143))",
        },
        whom=ON_LANGUAGE,
        earlier=Earlier.LIVE,
    ),
    FactFill(
        "literacy_portfolioartifact",
        PRODUCT,
        "floor(3 * t(150) * t(150))",
        {
            "kind": "CASE WHEN d(151) < 0.6 THEN 'recording' ELSE 'writing' END",
            "title": one_of(152, "My favorite animal", "Reading aloud", "Mi familia", "A trip to the lake", "La luna"),
            "file": "'portfolio/' || l.school_year || '/' || md5({seed} || '/' || l.uid || '/' || n)"
            " || CASE WHEN d(151) < 0.6 THEN '.mp3' ELSE '.txt' END",
        },
        whom="l.grade <= 6",
        earlier=Earlier.LIVE_LONG,
    ),
    FactFill(
        "literacy_groupmember",
        PRODUCT,
        "1",
        {
            "group_id": "pg_temp.event_id({seed} || 'group/' || l.school_uid || '/' || l.school_year || '/'"
            f" || ({PRODUCT}) || '/' || floor(6 * t(161)), {{starts_on}})"
        },
        day="{starts_on} + (60 * d(1))::int",
        whom="t(160) < 0.6",
        earlier=Earlier.ARCHIVED,
    ),
)
ALSO = (("literacy_group", Earlier.ARCHIVED),)

GROUPS = """
INSERT INTO {schema}.literacy_group (school_year, id, school_id, product, educator_id, name)
SELECT m.school_year, m.group_id, min(m.school_id), min(m.product),
       (SELECT min(r.educator_id) FROM {schema}.rostering_educatorrole AS r WHERE r.school_id = min(m.school_id)),
       (ARRAY['Blue', 'Green', 'Red', 'Star', 'River', 'Mountain'])[1 + abs(hashtext(m.group_id::text) % 6)] || ' group'
FROM {schema}.literacy_groupmember AS m GROUP BY m.school_year, m.group_id
"""
AFTER = (
    GROUPS,
    GROUPS.replace("literacy_group ", "literacy_grouparchive ").replace("groupmember", "groupmemberarchive"),
)

ONCE = (
    """
    INSERT INTO {schema}.literacy_organization (school_id, product, since)
    SELECT school_id, product, {starts_on} - 365 * (1 + school_id % 6)::int
    FROM (SELECT school_id, min(grade) AS low, max(grade) AS high FROM pg_temp.taught GROUP BY school_id) AS s
    JOIN (VALUES ('language_literacy', 0, 6), ('espanol', 0, 6), ('reading', 7, 13), ('lectura', 7, 13))
      AS p (product, lowest, highest) ON s.low <= p.highest AND s.high >= p.lowest
    """,
    """
    INSERT INTO {schema}.literacy_studentaccount (student_id, product, created_on)
    SELECT l.student_id, o.product, {starts_on} + (20 * t(171))::int - 365 * least(l.grade, floor(4 * t(172)))::int
    FROM pg_temp.learner AS l JOIN {schema}.literacy_organization AS o ON o.school_id = l.school_id
    WHERE l.school_year = {year}
    """,
    """
    INSERT INTO {schema}.literacy_boyassessment (student_id, school_year, assessment, decided_on)
    SELECT a.student_id, {year}, CASE WHEN a.created_on < {starts_on} THEN 'benchmark' ELSE 'placement' END, {starts_on}
    FROM {schema}.literacy_studentaccount AS a WHERE a.product = 'language_literacy'
    """,
    """
    INSERT INTO {schema}.literacy_reward (student_id, product, booster_bits, museum_level)
    SELECT l.student_id, CASE WHEN t(101) < 0.2 THEN 'espanol' ELSE 'language_literacy' END,
           floor(-ln(1 - t(173)) * 400), floor(12 * t(173) * t(174))
    FROM pg_temp.learner AS l WHERE l.school_year = {year} AND l.grade <= 6 AND t(110) < 0.85
    """,
    """
    INSERT INTO {schema}.literacy_avatar (student_id, product, appearance)
    SELECT l.student_id, CASE WHEN t(101) < 0.2 THEN 'espanol' ELSE 'language_literacy' END,
           (ARRAY['fox', 'owl', 'robot', 'astronaut', 'otter', 'dragon'])[1 + floor(6 * t(175))::int]
    FROM pg_temp.learner AS l WHERE l.school_year = {year} AND l.grade <= 6 AND t(110) < 0.7
    """,
    """
    INSERT INTO {schema}.literacy_avataraccessory (avatar_id, item)
    SELECT a.id, (ARRAY['hat', 'scarf', 'glasses', 'cape', 'boots', 'backpack'])[1 + (a.id + n) % 6]
    FROM {schema}.literacy_avatar AS a CROSS JOIN LATERAL generate_series(1, (a.id % 4)::int) AS n
    """,
    """
    INSERT INTO {schema}.literacy_playlist (product, school_id, educator_id, title)
    SELECT 'language_literacy', o.school_id,
           (SELECT min(r.educator_id) FROM {schema}.rostering_educatorrole AS r WHERE r.school_id = o.school_id),
           (ARRAY['Phonics warm-up', 'Vocabulary week', 'Small group', 'Extra practice'])[n]
    FROM {schema}.literacy_organization AS o CROSS JOIN generate_series(1, 4) AS n
    WHERE o.product = 'language_literacy'
    """,
    """
    INSERT INTO {schema}.literacy_playlistactivity (playlist_id, position, activity)
    SELECT p.id, n, 'Activity ' || (p.id * 7 + n * 13) % 400
    FROM {schema}.literacy_playlist AS p CROSS JOIN generate_series(1, 5) AS n
    """,
    """
    INSERT INTO {schema}.literacy_playlistassignment (playlist_id, student_id, assigned_on)
    SELECT p.id, l.student_id, {starts_on} + 30 + (200 * t(176))::int
    FROM pg_temp.learner AS l JOIN {schema}.literacy_playlist AS p ON p.school_id = l.school_id
    WHERE l.school_year = {year} AND l.grade <= 6 AND (p.id + l.student_id) % 9 = 0
    """,
    """
    INSERT INTO {schema}.literacy_educatoraccount (educator_id, product, created_on, last_sign_in_on)
    SELECT DISTINCT ON (r.educator_id, o.product) r.educator_id, o.product, o.since,
           CASE WHEN r.educator_id % 11 = 0 THEN NULL ELSE {ends_on} - (r.educator_id % 90)::int END
    FROM {schema}.rostering_educatorrole AS r
    JOIN {schema}.literacy_organization AS o ON o.school_id = r.school_id
    WHERE r.is_active ORDER BY r.educator_id, o.product, o.since
    """,
)

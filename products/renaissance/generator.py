"""Made-up Renaissance data: all years live, because there is no end-of-year reset."""

from products.generator.fill import Earlier, FactFill, long_tail, one_of

STAR_PRODUCT = "CASE WHEN l.grade <= 2 THEN 'star_early_lit' ELSE (ARRAY['star_reading', 'star_math'])[1 + n % 2] END"
CATEGORY = one_of(405, "Urgent Intervention", "Intervention", "On Watch", "At/Above Benchmark", "At/Above Benchmark")
LANGUAGE = "CASE WHEN t(402) < 0.12 THEN 'es' ELSE 'en' END"

FACTS = (
    FactFill(
        "renaissance_starassessment",
        STAR_PRODUCT,
        "2 + floor(3 * t(401))",
        {
            "language": LANGUAGE,
            "scaled_score": "(300 + 65 * l.grade + 250 * t(403) + 40 * d(404))::int",
            "percentile": "CASE WHEN d(406) < 0.97 THEN 1 + floor(98 * (0.8 * t(403) + 0.2 * d(404))) END",
            "benchmark_category": CATEGORY,
        },
        whom="t(400) < 0.92",
        earlier=Earlier.LIVE,
    ),
    FactFill(
        "renaissance_cbmassessment",
        "'star_cbm'",
        "3",
        {
            "measure": one_of(411, "Passage Oral Reading", "Letter Sounds", "Numeral Recognition"),
            "language": LANGUAGE,
            "correct_per_minute": "(10 + 20 * l.grade + 40 * t(403) * d(412))::int",
        },
        day="{starts_on} + (ARRAY[25, 140, 265])[n] + (10 * d(1))::int",
        whom="l.grade BETWEEN 1 AND 4 AND t(410) < 0.8",
        earlier=Earlier.LIVE,
    ),
    FactFill(
        "renaissance_quiz",
        "'accelerated_reader'",
        long_tail(420, 2.5, 90),
        {
            "quiz_number": "1000 + floor(d(422) * d(423) * 40000)",
            "title": one_of(
                424, "The River", "Moon Over Mesa", "Two Brothers", "A Map of Birds", "El jardín", "Snow Day"
            ),
            "percent_correct": "10 * (4 + floor(7 * sqrt(d(425))))",
            "points_earned": "round((0.5 + 8 * d(426) * d(427))::numeric, 1)",
        },
        whom="l.grade BETWEEN 1 AND 9",
        earlier=Earlier.LIVE,
    ),
    FactFill(
        "renaissance_mastery",
        "(ARRAY['star_reading', 'star_math', 'star_early_lit'])[1 + floor(d(430) * 3)::int]",
        "floor(4 * t(431) * t(431))",
        {
            "skill": one_of(432, "Main idea", "Inference", "Place value", "Fractions", "Rhyming", "Measurement"),
            "level": "40 + floor(61 * sqrt(d(433)))",
        },
        whom="t(400) < 0.92",
        earlier=Earlier.LIVE,
    ),
)
ONCE: tuple[str, ...] = ()

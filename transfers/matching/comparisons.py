"""The comparisons of the model: field by field, what counts as agreement and what is said of it.

The columns are those of `folding`: names folded to plain letters and split into parts.
"""

from typing import Final

from transfers.matching.levels import Comparison, Level


def _close(column: str, least: int = 4) -> str:
    """One letter more, less or other, or two neighbours transposed, in a word that is long enough for it to be one."""
    return (
        f"least(length({column}_l), length({column}_r)) >= {least} AND damerau_levenshtein({column}_l, {column}_r) <= 1"
    )


def _similar(column: str) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.9"


SWAPPED: Final = """
(family_l = given_r AND jaro_winkler_similarity(given_l, family_r) >= 0.8)
OR (given_l = family_r AND jaro_winkler_similarity(family_l, given_r) >= 0.8)
"""
SWAPPED_WORDS: Final = "given and family name have changed places"

FAMILY: Final = Comparison(
    "family",
    "Family name",
    "family_l = '' OR family_r = ''",
    "family_name",
    (
        Level("same", "family_l = family_r", "the same", term="family"),
        Level("order", "family_sorted_l = family_sorted_r", "the same parts in another order"),
        Level("swapped", SWAPPED, SWAPPED_WORDS),
        Level(
            "part",
            "list_has_all(family_parts_l, family_parts_r) OR list_has_all(family_parts_r, family_parts_l)",
            "one has a part that the other lacks",
        ),
        Level("letter", _close("family"), "one letter apart"),
        Level("similar", _similar("family"), "similar"),
        Level("shared", "list_has_any(family_parts_l, family_parts_r)", "one part in common, another different"),
    ),
)

GIVEN: Final = Comparison(
    "given",
    "Given name",
    "given_l = '' OR given_r = ''",
    "given_name",
    (
        Level("same", "given_l = given_r", "the same", term="given"),
        Level("order", "given_sorted_l = given_sorted_r", "the same parts in another order"),
        Level(
            "moved",
            "list_sort(given_all_l) = list_sort(given_all_r)",
            "with the middle name the same, divided in another way",
        ),
        Level("swapped", SWAPPED, SWAPPED_WORDS),
        Level(
            "preferred",
            "(preferred_l <> '' AND preferred_l IN (given_r, preferred_r))"
            " OR (preferred_r <> '' AND preferred_r = given_l)",
            "one is the other's preferred name",
        ),
        Level(
            "nickname",
            "list_contains(given_alike_l, given_first_r) OR list_contains(given_alike_r, given_first_l)",
            "one is a short form of the other",
        ),
        Level(
            "part",
            "list_has_all(given_all_l, given_parts_r) OR list_has_all(given_all_r, given_parts_l)",
            "one has a part that the other lacks",
        ),
        Level(
            "initial",
            "least(length(given_l), length(given_r)) = 1 AND left(given_l, 1) = left(given_r, 1)",
            "an initial that fits",
        ),
        Level("letter", _close("given"), "one letter apart"),
        Level("similar", _similar("given"), "similar"),
        Level("shared", "list_has_any(given_parts_l, given_parts_r)", "one part in common, another different"),
    ),
)

MIDDLE: Final = Comparison(
    "middle",
    "Middle name",
    "middle_l = '' OR middle_r = ''",
    "middle_name",
    (
        Level("same", "middle_l = middle_r", "the same"),
        Level(
            "initial",
            "least(length(middle_l), length(middle_r)) = 1 AND left(middle_l, 1) = left(middle_r, 1)",
            "an initial that fits",
        ),
        Level("letter", f"({_close('middle')}) OR {_similar('middle')}", "similar"),
    ),
)

BIRTH: Final = Comparison(
    "birth",
    "Birth date",
    "birth_l IS NULL OR birth_r IS NULL",
    "birth_date",
    (
        Level("same", "birth_l = birth_r", "the same"),
        Level(
            "swapped",
            "born_year_l = born_year_r AND born_month_l = born_day_r AND born_day_l = born_month_r",
            "day and month swapped",
        ),
        Level("digit", "hamming(birth_l, birth_r) = 1", "one digit off"),
        Level("digits", "damerau_levenshtein(birth_l, birth_r) = 1", "two digits transposed"),
        Level(
            "two",
            "(born_year_l = born_year_r)::int + (born_month_l = born_month_r)::int + (born_day_l = born_day_r)::int"
            " = 2",
            "two of day, month and year the same",
        ),
    ),
)

GRADE: Final = Comparison(
    "grade",
    "Grade",
    "grade_number_l IS NULL OR grade_number_r IS NULL",
    "grade",
    (
        Level("same", "grade_number_l = grade_number_r", "the same"),
        Level("next", "abs(grade_number_l - grade_number_r) <= 1", "one grade apart"),
        Level("near", "abs(grade_number_l - grade_number_r) <= 2", "two grades apart"),
    ),
    otherwise="more than two grades apart",
)

SEX: Final = Comparison(
    "sex", "Sex", "sex_l IS NULL OR sex_r IS NULL", "sex", (Level("same", "sex_l = sex_r", "the same"),)
)

GUARDIANS: Final = Comparison(
    "guardian",
    "Guardians",
    "len(guardian_names_l) = 0 OR len(guardian_names_r) = 0",
    "guardians",
    (
        Level("contact", "list_has_any(guardian_contacts_l, guardian_contacts_r)", "the same e-mail address or phone"),
        Level("name", "list_has_any(guardian_names_l, guardian_names_r)", "a guardian of the same name"),
        Level("given", "list_has_any(guardian_given_l, guardian_given_r)", "a guardian of the same given name"),
    ),
    otherwise="none in common",
)

STATE_ID: Final = Comparison(
    "state_id",
    "State ID",
    "state_id_l = '' OR state_id_r = ''",
    "state_id",
    (
        Level("same", "state_id_l = state_id_r", "the same"),
        Level("digit", _close("state_id", 6), "one character apart"),
    ),
)

NUMBER: Final = Comparison(
    "student_number",
    "Student ID",
    "number_l = '' OR number_r = ''",
    "student_number",
    (Level("same", "number_l = number_r", "the same, which between districts proves nothing alone"),),
    otherwise="different, as each district gives its own",
)

EMAIL: Final = Comparison(
    "email",
    "E-mail",
    "email_l = '' OR email_r = ''",
    "email",
    (Level("same", "email_l = email_r", "the same"),),
)

STUDENT: Final = (FAMILY, GIVEN, MIDDLE, BIRTH, GRADE, SEX, GUARDIANS, STATE_ID, NUMBER, EMAIL)
"""In the order in which the evidence is shown."""

"""The comparisons of the model: field by field, what counts as agreement and what is said of it.

The columns are those of `folding`: names folded to plain letters and split into parts.
"""

from typing import Final

from transfers.matching.levels import Comparison, Level
from transfers.matching.naming import FAMILY, GIVEN, MIDDLE, close

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
        Level("digit", close("state_id", 6), "one character apart"),
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

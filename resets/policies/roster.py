"""The district's own roster: no reset touches it. Who never comes back loses name and key by the ninety-day rule.

The literacy source speaks of students, educators and organizations; the rest is no academic data: it follows the
district's own system, which sends it anew for each school year.
"""

from resets.policies.words import STUDENT_IDS_MATCH, Anonymize, Policy, Retain, Rule

FOLLOWS = "clearing out old academic data before rostering occurs in the new school year"
MATCHED = "the system will match any previously enrolled students by their Student IDs"

POLICY = Policy(
    "roster",
    version="2023.1",
    source="2023 End-of-year data reset procedures for Imagine Learning Literacy suite products",
    resettable=False,
    rules=(
        Rule("schools", Retain(), because="Organizations (schools and districts) Retained"),
        Rule("sessions", Retain(), because=FOLLOWS),
        Rule("courses", Retain(), because=FOLLOWS),
        Rule("sections", Retain(), because=FOLLOWS),
        Rule("students", Retain(), because=MATCHED, condition=STUDENT_IDS_MATCH),
        Rule("guardians", Retain(), because=MATCHED, condition=STUDENT_IDS_MATCH),
        Rule("educators", Retain(), because="Educator Accounts Retained"),
        Rule("enrollments", Retain(), because=FOLLOWS, condition=STUDENT_IDS_MATCH),
        Rule("merges", Retain(), because=MATCHED, condition=STUDENT_IDS_MATCH),
        Rule("held_removals", Retain(), because=FOLLOWS),
        Rule("*", Anonymize(after=90), because="Student data is anonymized 90 days after the reset"),
    ),
)

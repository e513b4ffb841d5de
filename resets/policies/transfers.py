"""Transfers: no reset touches what is on its way, and the students' own ninety-day rule ends it."""

from resets.policies.words import Anonymize, Policy, Retain, Rule

WITHIN = "Codes must be used within 30 days."
LOG = "The log provides more information about each of the students imported"

POLICY = Policy(
    "transfers",
    version="2023.1",
    source="Transferring Student Data from Site to Site",
    resettable=False,
    rules=(
        Rule("offered", Retain(), because=WITHIN),
        Rule("requests", Retain(), because=WITHIN),
        Rule("staged", Retain(), because=WITHIN),
        Rule("candidates", Retain(), because=WITHIN),
        Rule("imported", Retain(), because=LOG),
        Rule("*", Anonymize(after=90), because="Student data is anonymized 90 days after the reset"),
    ),
)

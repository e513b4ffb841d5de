"""Requests for export and destruction: no reset touches them, and they go with the student's name."""

from resets.policies.words import Anonymize, Policy, Retain, Rule

POLICY = Policy(
    "disposal",
    version="2023.1",
    source="The district's own request, or a parent's through the district",
    resettable=False,
    rules=(
        Rule("disposal_requests", Retain(), because="A request waits until it is done."),
        Rule("*", Anonymize(after=90), because="Student data is anonymized 90 days after the reset"),
    ),
)

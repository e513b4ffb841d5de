"""Legal holds: no reset touches them, and a hold that was lifted goes with its student's name."""

from resets.policies.words import Anonymize, Policy, Retain, Rule

POLICY = Policy(
    "holds",
    version="2023.1",
    source="The district's own obligation to preserve records",
    resettable=False,
    rules=(
        Rule("legal_holds", Retain(), because="A hold is left out of deletion and anonymization until it is lifted."),
        Rule("*", Anonymize(after=90), because="Student data is anonymized 90 days after the reset"),
    ),
)

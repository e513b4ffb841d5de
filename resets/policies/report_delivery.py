"""Reports by e-mail: no reset touches the wish for one, and one about a single student goes with the name."""

from resets.policies.words import Anonymize, Policy, Retain, Rule

POLICY = Policy(
    "report_delivery",
    version="2023.1",
    source="The district's own people, who asked for a report",
    resettable=False,
    rules=(
        Rule("report_subscriptions", Retain(), because="Whoever asked for a report gets it until they end it."),
        Rule("*", Anonymize(after=90), because="Student data is anonymized 90 days after the reset"),
    ),
)

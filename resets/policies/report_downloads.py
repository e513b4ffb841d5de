"""Files of reports that somebody asked for: no reset touches them, and one about a student goes with the name."""

from resets.policies.words import Anonymize, Policy, Retain, Rule

POLICY = Policy(
    "report_downloads",
    version="2023.1",
    source="The district's own people, who asked for a report",
    resettable=False,
    rules=(
        Rule(
            "prepared_files",
            Retain(),
            because="Download a copy of this year's data for your records before your reset date occurs.",
        ),
        Rule("*", Anonymize(after=90), because="Student data is anonymized 90 days after the reset"),
    ),
)

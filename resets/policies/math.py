"""The math suite's end of year, row by row as in the source's table."""

from products.math.products import ALL
from resets.policies.words import Delete, Policy, Retain, Rule

ACADEMIC = "Assessment, Progress, Pathway, and Usage data are all deleted."

POLICY = Policy(
    "math",
    version="2023.1",
    source="2023 End-of-year data reset procedures for the Imagine Math suite",
    rules=(
        Rule("student_accounts", Delete(), because="Deleted", products=ALL),
        Rule("assessments", Delete(), because=ACADEMIC, products=ALL),
        Rule("progress", Delete(), because=ACADEMIC, products=ALL),
        Rule("pathways", Delete(), because=ACADEMIC, products=ALL),
        Rule("usage", Delete(), because=ACADEMIC, products=ALL),
        Rule("classrooms", Delete(), because="Deleted", products=ALL),
        Rule("educator_accounts", Retain(), because="Retained", products=ALL),
        Rule("organizations", Retain(), because="Retained", products=ALL),
    ),
)

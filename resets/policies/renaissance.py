"""Renaissance has no end-of-year reset: its records stay, and travel with transfer codes."""

from products.renaissance.products import ACCELERATED_READER, MASTERY, STAR, STAR_CBM
from resets.policies.words import Policy, Retain, Rule

STAYS = "The students and data also stay on the original site for reporting."

POLICY = Policy(
    "renaissance",
    version="2023.1",
    source="Transferring Student Data from Site to Site",
    resettable=False,
    rules=(
        Rule("star_assessments", Retain(), because=STAYS, products=STAR),
        Rule("cbm_assessments", Retain(), because=STAYS, products=(STAR_CBM,)),
        Rule("quizzes", Retain(), because=STAYS, products=(ACCELERATED_READER,)),
        Rule("mastery", Retain(), because=STAYS, products=MASTERY),
    ),
)

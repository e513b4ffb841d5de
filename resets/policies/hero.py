"""Hero's archive, in the order of the source's questions. A school's subscription on the day decides."""

from products.hero.products import ALL
from resets.policies.words import SUBSCRIBED_SCHOOLS, UNSUBSCRIBED_SCHOOLS, Archive, Delete, Policy, Retain, Rule, SetTo

STORED = (
    "Schools with active subscriptions at the time of the archiving process will have their account data stored for "
    "future reporting."
)

POLICY = Policy(
    "hero",
    version="2023.2",
    source="Hero Data Archiving Process",
    rules=(
        Rule(
            "*",
            Delete(),
            because="Schools without active subscriptions will have their data permanently deleted.",
            where=UNSUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "tracking",
            Archive(),
            because="We will archive all of last year’s tracking data. All reports will be blank, including the "
            "students’ behavior history.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule("points_history", Archive(), because=STORED, where=SUBSCRIBED_SCHOOLS, products=ALL),
        Rule(
            "points_balance",
            SetTo(0, columns=("balance",)),
            because="Hero points do not roll over from year to year.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "behavior_codes",
            Retain(),
            because="Hero does NOT archive your behavior codes and action settings.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "action_settings",
            Retain(),
            because="Hero does NOT archive your behavior codes and action settings.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "user_lists",
            Retain(),
            because="Hero does NOT archive user lists.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "notification_templates",
            Retain(),
            because="Hero does NOT archive or deactivate email notification templates.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "student_credentials",
            Retain(),
            because="Hero does NOT archive student and parent login credentials.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "parent_credentials",
            Retain(),
            because="Hero does NOT archive student and parent login credentials.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "portal_settings",
            Retain(),
            because="If you do not want students and parents to have access to the schedules before the school year "
            "starts, it is best to turn that feature off for the summer.",
            where=SUBSCRIBED_SCHOOLS,
            products=ALL,
        ),
        Rule(
            "subscriptions",
            Retain(),
            because="Schools with active subscriptions at the time of the archiving process",
            products=ALL,
        ),
    ),
)

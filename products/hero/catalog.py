"""Hero's data map, in the order of the source's questions (hero-archiving)."""

from products.datamap import Category, Key, Suite, Table
from products.hero import models
from products.hero.products import ALL

SUITE = Suite(
    code="hero",
    name="Hero",
    source="Hero Data Archiving Process",
    products=ALL,
    categories=(
        Category(
            "tracking",
            "Behavior tracking data",
            (
                Table(
                    models.TrackingEvent,
                    Key.STUDENT,
                    values=("product", "occurred_on", "code", "action", "recorded_by_id"),
                    personal=("note",),
                    fact=True,
                    archive=models.TrackingEventArchive,
                ),
            ),
            ALL,
        ),
        Category(
            "points_history",
            "Hero points earned and spent",
            (
                Table(
                    models.Points,
                    Key.STUDENT,
                    values=("product", "occurred_on", "points", "reason"),
                    fact=True,
                    archive=models.PointsArchive,
                ),
            ),
            ALL,
        ),
        Category(
            "points_balance",
            "Hero points",
            (Table(models.PointsBalance, Key.STUDENT, values=("school_id", "balance"), once=()),),
            ALL,
        ),
        Category(
            "behavior_codes",
            "Behavior codes",
            (
                Table(
                    models.BehaviorCode,
                    Key.SCHOOL,
                    values=("code", "name", "points"),
                    harmless=(("name", "what a kind of behavior is called"),),
                ),
            ),
            ALL,
        ),
        Category(
            "action_settings",
            "Action settings",
            (Table(models.ActionSetting, Key.SCHOOL, values=("action", "threshold")),),
            ALL,
        ),
        Category(
            "user_lists",
            "User lists",
            (Table(models.HeroUser, Key.SCHOOL, values=("educator_id", "is_active")),),
            ALL,
        ),
        Category(
            "notification_templates",
            "Email notification templates",
            (
                Table(
                    models.NotificationTemplate,
                    Key.SCHOOL,
                    values=("name", "subject", "body", "is_on"),
                    harmless=(
                        ("name", "what the template is called"),
                        ("subject", "the same for every addressee; people are filled in when it is sent"),
                        ("body", "the same for every addressee; people are filled in when it is sent"),
                    ),
                ),
            ),
            ALL,
        ),
        Category(
            "student_credentials",
            "Student login credentials",
            (
                Table(
                    models.StudentCredential,
                    Key.STUDENT,
                    values=("school_id",),
                    personal=("username", "password_hash"),
                    once=("school_id",),
                ),
            ),
            ALL,
        ),
        Category(
            "parent_credentials",
            "Parent login credentials",
            (
                Table(
                    models.ParentCredential,
                    Key.GUARDIAN,
                    values=("school_id",),
                    personal=("username", "password_hash"),
                ),
            ),
            ALL,
        ),
        Category(
            "portal_settings",
            "Switches for e-mails and schedules, and the record of changed settings",
            (
                Table(
                    models.PortalSetting,
                    Key.SCHOOL,
                    values=("sends_emails", "students_see_schedules", "parents_see_schedules"),
                ),
                Table(
                    models.SettingChange,
                    Key.SCHOOL,
                    values=("setting", "before", "after", "actor", "at", "confirmed"),
                ),
            ),
            ALL,
        ),
        Category(
            "subscriptions",
            "School subscriptions",
            (Table(models.SchoolSubscription, Key.SCHOOL, values=("starts_on", "ends_on")),),
            ALL,
        ),
    ),
)

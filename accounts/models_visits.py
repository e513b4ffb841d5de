"""Support visits: vendor staff who looked into a district. The table is filled in districts' schemas only.

So the record of who looked belongs to the district, and goes with it.
"""

import datetime as dt
from typing import ClassVar

from django.db import models


class SupportVisit(models.Model):
    """One visit, from the moment it is asked for: who, why, from when until when, and which pages. Read-only.

    Its ticket, which opens it once and from which only a hash is kept, is for this district alone, because the row is.
    """

    actor = models.CharField(max_length=80, help_text="Role and key of who visits, such as csm:12.")
    name = models.CharField(max_length=150, help_text="The visitor's name, for the district.")
    reason = models.CharField(max_length=300)
    case = models.CharField(max_length=60, blank=True, help_text="The number of the support case, where there is one.")
    minutes = models.PositiveSmallIntegerField()
    ticket_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True, help_text="When it ends by itself.")
    ended_at = models.DateTimeField(null=True, help_text="When somebody ended it earlier.")
    ended_by = models.CharField(max_length=80, blank=True)
    pages = models.JSONField(default=dict, help_text="{URL name: how often}: no identifiers of whom a page was about.")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(started_at=None, ends_at=None)
                | models.Q(started_at__isnull=False, ends_at__gt=models.F("started_at")),
                name="a_visit_that_began_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"visit of {self.actor}"

    def is_going_on(self, at: dt.datetime) -> bool:
        """Whether it has begun and is not over at a moment; over from the second at which it ends."""
        return self.ends_at is not None and self.ended_at is None and at < self.ends_at

    @property
    def over_at(self) -> dt.datetime | None:
        """When it ended or will end; none when it never began."""
        return self.ended_at or self.ends_at

    @property
    def pages_seen(self) -> int:
        """How many pages were shown."""
        return sum(int(times) for times in self.pages.values())

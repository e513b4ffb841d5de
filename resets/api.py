"""Dates and runs as JSON, for reading only. Both tables are public: every query is narrowed to the host's district."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.serializers import ModelSerializer, SerializerMethodField

from accounts.pages import district_of, own_school, person
from resets.exports.standing import standings
from resets.exports.words import missing_words
from resets.models import ResetRun, ResetSchedule, RunCount
from resets.selectors import counts_of, runs_of
from tenants import clock


class CountSerializer(ModelSerializer[RunCount]):
    """One rule at one school: before = retained + archived + deleted + changed."""

    class Meta:
        model = RunCount
        fields: ClassVar = [
            "position", "category", "action", "school_id", "before", "retained", "archived", "deleted", "changed",
        ]  # fmt: skip


class RunSerializer(ModelSerializer[ResetRun]):
    """A run with the counts that the asker may see: a school admin's are those of the own school."""

    counts = SerializerMethodField()
    year_data = SerializerMethodField()

    class Meta:
        model = ResetRun
        fields: ClassVar = [
            "id", "suite", "school_year", "on", "state", "policy_version", "attempts", "created_at", "started_at",
            "finished_at", "counts", "year_data",
        ]  # fmt: skip

    def get_year_data(self, run: ResetRun) -> dict[str, Any] | None:
        """How the year's data stood at the reset, as it is recorded; nothing where nothing was deleted."""
        recorded: dict[str, Any] | None = run.evidence.get("export")
        return recorded

    def get_counts(self, run: ResetRun) -> list[dict[str, Any]]:
        """The counts, in the policy's order."""
        counts = counts_of(run)
        school = own_school(person(self.context["request"]))
        if school is not None:
            counts = counts.filter(school_id=school)
        return [dict(count) for count in CountSerializer(counts, many=True).data]


class RunView(RetrieveAPIView[ResetRun]):
    """`GET /api/v1/runs/<uuid>/`: a run of the district whose host is asked."""

    serializer_class = RunSerializer
    required_scopes: ClassVar = {"GET": ("yearturn.resets.read",)}

    def get_queryset(self) -> QuerySet[ResetRun]:
        """The district's runs."""
        return runs_of(district_of(self.request))


class ScheduleSerializer(ModelSerializer[ResetSchedule]):
    """The date on which a suite is reset, what the district has said to it, and how its year's data stands."""

    year_data = SerializerMethodField()

    class Meta:
        model = ResetSchedule
        fields: ClassVar = ["suite", "school_year", "on", "answer", "year_data"]

    def get_year_data(self, schedule: ResetSchedule) -> dict[str, Any]:
        """Its state, whether the reset waits for it now, until when, and what is missing."""
        now, standing = self.context["now"], self.context["standings"][schedule.pk]
        return {
            "state": str(standing.state),
            "deletes": standing.deletes,
            "waits": standing.waits(now),
            "waits_until": None if standing.is_settled else standing.last_on,
            "missing": missing_words(standing),
        }


class SchedulePages(CursorPagination):
    """Fifty at a time, from the earliest date on; `next` is the address of the following page."""

    page_size = 50
    ordering = ("on", "pk")


class ScheduleListView(ListAPIView[ResetSchedule]):
    """`GET /api/v1/schedules/`: the reset dates of the district whose host is asked."""

    serializer_class = ScheduleSerializer
    required_scopes: ClassVar = {"GET": ("yearturn.schedules.read",)}
    pagination_class = SchedulePages

    def get_queryset(self) -> QuerySet[ResetSchedule]:
        """The district's schedules."""
        return ResetSchedule.objects.filter(district=district_of(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """A page of them, and how their years' data stands: one query for all of them."""
        page = super().paginate_queryset(queryset)
        self.now = clock.now()
        self.standings = standings([schedule.pk for schedule in page or []], self.now)
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        """With what was read for the page."""
        own = {"now": getattr(self, "now", None), "standings": getattr(self, "standings", {})}
        return {**super().get_serializer_context(), **own}

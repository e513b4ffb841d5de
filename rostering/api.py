"""Syncs as JSON, for reading only: counts and words, nobody's data."""

from typing import ClassVar

from rest_framework.generics import RetrieveAPIView
from rest_framework.serializers import ModelSerializer

from rostering.models import Sync


class SyncSerializer(ModelSerializer[Sync]):
    """One import of one bundle, without the file's name, which somebody has chosen."""

    class Meta:
        model = Sync
        fields: ClassVar = [
            "id", "source", "state", "version", "strict", "dry_run", "school_year", "as_of", "started_at",
            "finished_at", "counts", "warnings", "error_count", "note",
        ]  # fmt: skip


class SyncView(RetrieveAPIView[Sync]):
    """`GET /api/v1/syncs/<uuid>/`: a sync of the district whose host is asked."""

    serializer_class = SyncSerializer
    required_scopes: ClassVar = {"GET": ("yearturn.syncs.read",)}
    queryset = Sync.objects.all()

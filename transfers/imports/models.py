"""The tables of transfers in a district's schema, by subject."""

from transfers.imports.models_imports import Import, ImportState
from transfers.imports.models_offers import Offer, OfferedStudent
from transfers.imports.models_requests import DataRequest, RequestState
from transfers.imports.models_results import ImportedRow, ImportedStudent, ScoreStatus, SourceStatus
from transfers.imports.models_staged import Band, Decision, IncomingStudent, MatchCandidate, StagedRow

__all__ = [
    "Band",
    "DataRequest",
    "Decision",
    "Import",
    "ImportState",
    "ImportedRow",
    "ImportedStudent",
    "IncomingStudent",
    "MatchCandidate",
    "Offer",
    "OfferedStudent",
    "RequestState",
    "ScoreStatus",
    "SourceStatus",
    "StagedRow",
]

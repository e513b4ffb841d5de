"""Analysis, import, and what can be done with an import: the services that pages, jobs and tests call."""

from transfers.imports.services.analyzing import analyze_import
from transfers.imports.services.approving import approval_refusal, approve_import, is_importing
from transfers.imports.services.failing import cancel_import, expire_import, fail_import
from transfers.imports.services.importing import import_students
from transfers.imports.services.recalling import ask_recall, codes_for, recall_students
from transfers.imports.services.split_plan import SplitPreview, split_preview
from transfers.imports.services.splitting import split_student
from transfers.imports.services.undo_plan import UNDO_DAYS, UndoLine, UndoPreview, undo_preview
from transfers.imports.services.undoing import undo_import

__all__ = [
    "UNDO_DAYS",
    "SplitPreview",
    "UndoLine",
    "UndoPreview",
    "analyze_import",
    "approval_refusal",
    "approve_import",
    "ask_recall",
    "cancel_import",
    "codes_for",
    "expire_import",
    "fail_import",
    "import_students",
    "is_importing",
    "recall_students",
    "split_preview",
    "split_student",
    "undo_import",
    "undo_preview",
]

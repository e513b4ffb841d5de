"""Where an import's pages are. Students stand in addresses by surrogate key only."""

from django.urls import path

from transfers.review.views_list import review
from transfers.review.views_student import review_student
from transfers.review.views_tables import cancel, import_students, log, one_import, progress
from transfers.review.views_undoing import split, undo

urlpatterns = [
    path("transfers/progress/", progress, name="transfers_progress"),
    path("transfers/imports/<uuid:key>/", one_import, name="transfers_import"),
    path("transfers/imports/<uuid:key>/review/", review, name="transfers_review"),
    path("transfers/imports/<uuid:key>/review/<int:incoming>/", review_student, name="transfers_review_student"),
    path("transfers/imports/<uuid:key>/students/", import_students, name="transfers_import_students"),
    path("transfers/imports/<uuid:key>/cancel/", cancel, name="transfers_import_cancel"),
    path("transfers/imports/<uuid:key>/log.csv", log, name="transfers_log"),
    path("transfers/imports/<uuid:key>/undo/", undo, name="transfers_import_undo"),
    path("transfers/imports/<uuid:key>/lines/<int:line>/split/", split, name="transfers_import_split"),
]

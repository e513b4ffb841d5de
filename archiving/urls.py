"""Where the archive's pages are."""

from django.urls import path

from archiving.cells.views import anonymized, anonymized_csv
from archiving.years.views import archive

urlpatterns = [
    path("archive/", archive, name="archive"),
    path("anonymized/", anonymized, name="anonymized"),
    path("anonymized.csv", anonymized_csv, name="anonymized_csv"),
]

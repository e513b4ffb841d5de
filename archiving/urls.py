"""Where the archive's pages are."""

from django.urls import path

from archiving.years.views import archive

urlpatterns = [path("archive/", archive, name="archive")]

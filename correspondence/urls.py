"""Letters, on a district's own host."""

from django.urls import path

from correspondence.views import letters

urlpatterns = [path("letters/", letters, name="letters")]

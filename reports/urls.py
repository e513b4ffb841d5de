"""Where the home page is."""

from django.urls import path

from reports.views import home

urlpatterns = [path("", home, name="home")]

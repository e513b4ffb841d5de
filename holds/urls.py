"""Where the pages of legal holds are."""

from django.urls import path

from holds import views

urlpatterns = [
    path("holds/", views.holds, name="holds"),
    path("holds/place/", views.place, name="hold_place"),
    path("holds/<int:hold>/lift/", views.lift, name="hold_lift"),
]

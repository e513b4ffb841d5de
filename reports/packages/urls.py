"""Year packages, on a district's own host."""

from django.urls import path

from reports.packages import views

urlpatterns = [
    path("reports/packages/", views.packages, name="packages"),
    path("reports/packages/keys/", views.package_keys, name="package_keys"),
    path("reports/packages/keys/<int:recipient>/remove/", views.package_key_remove, name="package_key_remove"),
    path("reports/packages/<uuid:package>/", views.package, name="package"),
    path("reports/packages/<uuid:package>/progress/", views.package_progress, name="package_progress"),
    path("reports/packages/<uuid:package>/download/", views.package_download, name="package_download"),
    path("reports/packages/<uuid:package>/destroy/", views.package_destroy, name="package_destroy"),
]

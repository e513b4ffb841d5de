"""Where the year-end reports are. What has a fixed name comes before the reports' own codes."""

from django.urls import path

from reports.pages import views, views_delivery, views_downloads, views_taken

urlpatterns = [
    path("reports/", views.library, name="reports"),
    path("reports/taken/", views_taken.taken, name="reports_taken"),
    path("reports/files/<uuid:prepared>/", views_downloads.prepared, name="report_file"),
    path("reports/files/<uuid:prepared>/download/", views_downloads.fetch, name="report_file_download"),
    path("reports/files/<uuid:prepared>/remove/", views_downloads.take_away, name="report_file_remove"),
    path("reports/deliveries/<uuid:subscription>/", views_delivery.follow, name="report_delivery"),
    path("reports/deliveries/<uuid:subscription>/end/", views_delivery.end, name="report_delivery_end"),
    path("reports/<slug:report>/", views.report, name="report"),
    path("reports/<slug:report>/summary/", views.summary, name="report_summary"),
    path("reports/<slug:report>/print/", views_downloads.print_report, name="report_print"),
    path("reports/<slug:report>/download/", views_downloads.download, name="report_download"),
    path("reports/<slug:report>/deliver/", views_delivery.begin, name="report_deliver"),
]

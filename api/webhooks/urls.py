"""Where a district admin keeps the webhooks."""

from django.urls import path

from api.webhooks import views

urlpatterns = [
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/new/", views.webhook_new, name="webhook_new"),
    path("webhooks/<int:endpoint>/", views.webhook, name="webhook"),
    path("webhooks/<int:endpoint>/secret/", views.webhook_rotate, name="webhook_rotate"),
    path("webhooks/<int:endpoint>/switch/", views.webhook_switch, name="webhook_switch"),
    path("webhooks/<int:endpoint>/try/", views.webhook_test, name="webhook_test"),
    path("webhooks/<int:endpoint>/again/<int:delivery>/", views.webhook_again, name="webhook_again"),
]

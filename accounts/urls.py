"""Logging in and out, on both hosts."""

from django.contrib.auth.views import (
    LogoutView,
    PasswordChangeDoneView,
    PasswordChangeView,
    PasswordResetCompleteView,
    PasswordResetDoneView,
)
from django.urls import path

from accounts.views import LogInView, LostPasswordView, NewPasswordView
from accounts.views_visits import visit_end, visit_enter, visit_over, visit_stop, visits

SENT = PasswordResetDoneView.as_view(template_name="registration/lost_password_sent.html")
COMPLETE = PasswordResetCompleteView.as_view(template_name="registration/new_password_done.html")

visits_urlpatterns = [
    path("visit/over/", visit_over, name="visit_over"),
    path("visit/end/", visit_end, name="visit_end"),
    path("visit/<slug:ticket>/", visit_enter, name="visit_enter"),
    path("visits/", visits, name="visits"),
    path("visits/<int:visit>/end/", visit_stop, name="visit_stop"),
]
"""Support visits, which districts' hosts serve."""

urlpatterns = [
    path("login/", LogInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("password/lost/", LostPasswordView.as_view(), name="password_reset"),
    path("password/lost/sent/", SENT, name="password_reset_done"),
    path("password/new/done/", COMPLETE, name="password_reset_complete"),
    path("password/new/<uidb64>/<token>/", NewPasswordView.as_view(), name="password_reset_confirm"),
]

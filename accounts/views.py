"""Logging in and lost passwords, on both hosts. A link works on the host that sent it only."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordResetConfirmView, PasswordResetView
from django.http import HttpResponse

from accounts.forms import LogInForm, LostPasswordForm
from accounts.throttle import forget_failures
from accounts.tokens import TOKENS


class LogInView(LoginView):
    """Django's, with the limit on failures: 429 when it is reached."""

    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show the form again, with what to do."""
        response = super().form_invalid(form)
        if isinstance(form, LogInForm) and form.blocked:
            response.status_code = 429
        return response


class LostPasswordView(PasswordResetView):
    """Asks for the e-mail address; what follows never tells whether somebody has an account."""

    form_class = LostPasswordForm
    token_generator = TOKENS
    template_name = "registration/lost_password.html"
    email_template_name = "registration/lost_password_mail.txt"
    subject_template_name = "registration/lost_password_subject.txt"


class NewPasswordView(PasswordResetConfirmView):
    """Where the mail's link leads, once."""

    token_generator = TOKENS
    template_name = "registration/new_password.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password; log-ins that failed before it no longer count."""
        forget_failures(self.request.get_host(), form.user.email)
        return super().form_valid(form)

"""Logging in, on both hosts."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse

from accounts.forms import LogInForm


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

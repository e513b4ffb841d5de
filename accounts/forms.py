"""The log-in form: Django's, with a limit on failures and an answer that says what to do."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from accounts.throttle import WINDOW_SECONDS, count_failure, forget_failures, is_blocked


class LogInForm(AuthenticationForm):
    """E-mail address and password. `blocked` says that too many log-ins have failed."""

    blocked = False
    error_messages = {
        "invalid_login": (
            "This e-mail address and password do not match. Passwords tell capital from small letters. Each district"
            " has its own log-in: check that the address of this page is your district's."
        ),
        "inactive": "This account is closed. Ask your district admin.",
    }

    def clean(self) -> dict[str, Any]:
        """Check the two, unless too many tries have failed.

        Raises:
            ValidationError: they do not match, or the limit is reached.
        """
        host = self.request.get_host() if self.request else ""
        email = self.cleaned_data.get("username", "")
        if is_blocked(host, email):
            self.blocked = True
            minutes = WINDOW_SECONDS // 60
            raise ValidationError(
                f"Too many log-ins have failed for this e-mail address. Wait {minutes} minutes, then try again.",
                code="blocked",
            )
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            count_failure(host, email)
            raise
        if self.user_cache is not None:
            forget_failures(host, email)
        return cleaned

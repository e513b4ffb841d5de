"""The log-in form and the lost password's: Django's, with limits and an answer that says what to do."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.callers import network_of
from accounts.models import User
from accounts.throttle import (
    WINDOW_SECONDS,
    count_failure,
    count_network_failure,
    forget_failures,
    is_blocked,
    is_network_blocked,
    may_mail,
)


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
        network = network_of(self.request) if self.request else ""
        self._check_limits(host, email, network)
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            count_failure(host, email)
            count_network_failure(network)
            raise
        if self.user_cache is not None:
            forget_failures(host, email)
        return cleaned

    def _check_limits(self, host: str, email: str, network: str) -> None:
        """Refuse to look at the password after too many failures."""
        whose = "for this e-mail address" if is_blocked(host, email) else ""
        if not whose and is_network_blocked(network):
            whose = "from your network"
        if whose:
            self.blocked = True
            minutes = WINDOW_SECONDS // 60
            raise ValidationError(
                f"Too many log-ins have failed {whose}. Wait {minutes} minutes, then try again.", code="blocked"
            )


class LostPasswordForm(PasswordResetForm):
    """Mails a link to whoever has an account here, also to somebody who has never had a password."""

    def get_users(self, email: str) -> Iterable[User]:
        """The one open account with the address, in the schema that is entered."""
        return User.objects.filter(email=email.strip().lower(), is_active=True)

    def save(self, *, request: HttpRequest | None = None, **options: Any) -> None:  # type: ignore[override]
        """Send the mail, unless this address has had enough of them lately: the page that follows reads the same."""
        host = request.get_host() if request else ""
        if may_mail(host, self.cleaned_data["email"]):
            place = getattr(getattr(request, "tenant", None), "name", "Yearturn")
            super().save(**{**options, "request": request, "extra_email_context": {"place": place}})

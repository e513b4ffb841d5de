"""The secret part of a mailed link."""

from typing import Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User
from tenants.schema import current_schema


class SchemasOwnTokens(PasswordResetTokenGenerator):
    """Django's, bound to the schema too: keys of two districts' people can be the same number."""

    key_salt = "accounts.tokens.SchemasOwnTokens"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{current_schema()}\n{super()._make_hash_value(user, timestamp)}"


TOKENS: Final = SchemasOwnTokens()

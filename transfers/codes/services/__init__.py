"""Codes are generated, revoked, looked up, redeemed and released: what pages, imports and tests call."""

from transfers.codes.choices import Choice
from transfers.codes.services.generating import NewCode, generate_code
from transfers.codes.services.looking_up import CodePreview, find_code, preview_code
from transfers.codes.services.redeeming import redeem_code
from transfers.codes.services.releasing import release_code
from transfers.codes.services.revoking import revoke_code

__all__ = [
    "Choice",
    "CodePreview",
    "NewCode",
    "find_code",
    "generate_code",
    "preview_code",
    "redeem_code",
    "release_code",
    "revoke_code",
]

"""What a certificate says: a JSON value made from a ledger entry's facts, in words that stay as they were signed."""

from certificates.document.build import build_document

__all__ = ["build_document"]

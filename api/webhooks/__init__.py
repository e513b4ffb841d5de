"""Telling other programs what happened, by the Standard Webhooks specification."""

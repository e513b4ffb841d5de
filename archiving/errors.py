"""What stops an anonymization. Nothing was changed: the transaction rolled back whole."""


class AnonymizationError(Exception):
    """What the database did is not what anonymizing these students means."""

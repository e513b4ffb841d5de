"""What can go wrong with an approval. Nothing was changed."""


class ApprovalError(Exception):
    """It cannot be asked, decided or used like this."""


class StaleApprovalError(ApprovalError):
    """It was given for something else than what would be done now; somebody must ask anew."""

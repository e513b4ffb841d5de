"""What can be wrong with what is asked for."""


class NotInSightError(LookupError):
    """A school, section, group or student of the filters is not there, or is not this reader's to see."""

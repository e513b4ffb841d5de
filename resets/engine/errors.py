"""What stops a reset. Nothing was changed in any case: the transaction rolled back whole."""


class ResetError(Exception):
    """A reset stopped; nothing was changed."""


class PermanentResetError(ResetError):
    """Trying again would end the same way: a person must look."""


class PlanError(PermanentResetError):
    """A rule cannot be applied to a table."""


class VerificationError(PermanentResetError):
    """What the database did is not what the plan said."""


class NewRosterError(PermanentResetError):
    """The new school year's roster has been imported already: the reset must take place BEFORE rostering."""


class NotReadyError(ResetError):
    """Partitions are not ready to be moved without reading them."""


class GroundChangedError(ResetError):
    """What the plan was made of changed before the locks were had: the next attempt plans anew."""


class RunEndedError(ResetError):
    """The run was ended by somebody else while it was under way."""


class LocksNotHadError(ResetError):
    """The tables could not be locked in time without making readers wait."""

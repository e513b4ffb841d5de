"""What can go wrong with rosters. Each docstring is the message's meaning."""


class RosterError(Exception):
    """The roster was left as it was."""


class NothingHeldError(RosterError):
    """This sync holds nothing back (any more): released before, or a later bundle has replaced its change set."""


class NobodyToRemoveError(RosterError):
    """None of the educators who were ticked can be removed: gone already, or not the admin's to remove."""


class BundleRefusedError(RosterError):
    """The bundle was refused as a whole; the sync's errors say why, each with its row and how to mend it."""


class SuspectStructureError(RosterError):
    """A file may not be proper CSV: read it again slowly, and list what is wrong."""


class UploadGoneError(RosterError):
    """An uploaded bundle was deleted before it could be imported; it has to be uploaded again."""

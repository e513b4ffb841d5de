"""Why a decision about an incoming student was not taken. In each case nothing was changed."""

from transfers.imports.errors import TransferRefusedError
from transfers.imports.models import IncomingStudent


class AlreadyDecidedError(TransferRefusedError):
    """Another reviewer decided first; nothing of theirs is overwritten.

    Attributes:
        incoming: the student as they are decided now.
    """

    def __init__(self, incoming: IncomingStudent) -> None:
        super().__init__("Another reviewer decided about this student first. Nothing was changed.")
        self.incoming = incoming


class RecordTakenError(TransferRefusedError):
    """Another student of the same transfer has the record: never two incoming students onto one.

    Attributes:
        name: the other's name, for the page only.
        incoming: the other's key, when they can still be reviewed.
    """

    def __init__(self, name: str, incoming: int | None = None) -> None:
        super().__init__("Another student of this transfer is matched to that record. Nothing was changed.")
        self.name, self.incoming = name, incoming

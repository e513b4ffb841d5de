"""What a failed attempt means and what to do, by its error's name: for the desk. The district's words: views.words."""

from dataclasses import dataclass
from typing import Final

from resets.models import ResetRun, RunState


@dataclass(frozen=True)
class Advice:
    """Why it stopped, and whose turn it is to do what."""

    why: str
    what_to_do: str


ENGINEERS = "Do not try again before the engineers have looked: it would end the same way. Send them the run's id."
AGAIN = "Try again; nothing else is to be done."
BY_ERROR: Final = {
    "NewRosterError": Advice(
        "The new year's roster had been imported already, and the reset must take place BEFORE rostering.",
        "Agree with the district what is to become of last year's data, and ask the engineers: nothing is reset any "
        "more by itself.",
    ),
    "VerificationError": Advice(
        "What the database did was not what the plan said. Everything was rolled back.",
        f"{ENGINEERS} The counts that differ are in the error and the evidence.",
    ),
    "PlanError": Advice("A rule of the policy could not be applied to a table.", ENGINEERS),
    "NotReadyError": Advice(
        "The year's partitions were not ready to be moved without reading them.",
        "They are made ready each night. Try again tomorrow, or ask the engineers for `check_partitions`.",
    ),
    "GroundChangedError": Advice("The tables changed while the reset was being planned, such as by an import.", AGAIN),
    "RunEndedError": Advice("The run was ended by somebody else while it was under way.", AGAIN),
    "LocksNotHadError": Advice(
        "Other work held the tables for longer than readers may be kept waiting; who is in the log.",
        "Try again at a quieter hour, or ask who runs the long report to let it end.",
    ),
    "StillReadError": Advice("Somebody still read a table that was to be rewritten.", AGAIN),
    "PermanentResetError": Advice("The reset cannot be made as things stand.", ENGINEERS),
    "ResetError": Advice("The reset stopped itself.", AGAIN),
    "OperationalError": Advice("The database was away, restarted, or refused the connection.", AGAIN),
}
DIED: Final = Advice("The worker died in each of its attempts, such as for lack of memory or disk.", ENGINEERS)
UNKNOWN: Final = Advice("It met a problem that it does not know.", ENGINEERS)


def advice_for(run: ResetRun) -> Advice | None:
    """The advice for a run's error; None without one."""
    if not run.error:
        return None
    if run.error.startswith("the worker died"):
        return DIED
    return BY_ERROR.get(run.error.partition(":")[0], UNKNOWN)


def data_words(run: ResetRun) -> str:
    """What has become of the data, whatever the run's state."""
    match run.state:
        case RunState.COMPLETED:
            return "Everything that the policy says was done and verified in one transaction."
        case RunState.FAILED:
            return "Nothing was changed: the transaction rolled back whole."
        case _:
            return "Nothing is changed until the commit, which comes last."

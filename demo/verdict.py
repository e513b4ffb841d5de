"""Whether a rule held, judged from what was seen before and after."""

from dataclasses import dataclass

from demo.observe import Seen
from resets.policies.words import Archive, Delete, Retain, Rule, SetTo, Show, Unassign


@dataclass(frozen=True)
class Line:
    """A line of the demo's table: one row of a source's table in one district."""

    district: str
    suite: str
    category: str
    action: str
    before: int
    kept: int
    archived: int
    deleted: int
    held: bool
    note: str = ""


def judge(rule: Rule, before: Seen, after: Seen) -> tuple[int, int, int, bool, str]:
    """Kept, archived, deleted, whether the rule held, and a note, from the rows seen before and after."""
    archived = after.all_archived - before.all_archived
    kept = after.all_live
    deleted = before.all_live + before.all_archived - kept - after.all_archived
    match rule.action:
        case Archive():
            held = archived == before.all_live and kept == 0 and deleted == 0
            return kept, archived, deleted, held, ""
        case Delete():
            return kept, archived, deleted, kept == 0 and after.all_archived == 0, ""
        case SetTo(value=value):
            held = after.marked == 0 and kept == before.all_live
            return kept, archived, deleted, held, f"{before.marked:,} were not {value}"
        case Unassign():
            gone = [table for table in before.live if before.live[table] != after.live[table]]
            held = len(gone) == 1 and gone[0].endswith("assignment") and after.live[gone[0]] == 0
            return kept, archived, deleted, held, f"{deleted:,} assignments removed"
        case Show(last=last):
            note = f"{kept - after.marked:,} shown (last {last} days)"
            return kept, archived, deleted, kept == before.all_live and archived == 0, note
        case Retain(since=since):
            held = archived == 0 and deleted == before.marked and after.marked == 0
            return kept, archived, deleted, held, f"{before.marked:,} were older than {since}" if since else ""
        case _:
            raise TypeError(f"the demo does not know how to judge {rule.action!r}")

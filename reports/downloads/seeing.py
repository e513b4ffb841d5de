"""What somebody could see when they asked for a file, and whether they still may: else the file is not theirs any more.

Kept as keys: role, school, educator, and of an educator the sections.
"""

from typing import Any

from accounts.models import User
from reports.people.sight import sections_in, sight_of


def sight_kept(user: User) -> dict[str, Any]:
    """What a person may see now, to be kept beside a file."""
    sight = sight_of(user)
    sections = [] if sight.educator_id is None else sorted(sections_in(sight).values_list("pk", flat=True))
    return {"role": user.role, "school": sight.school_id, "educator": sight.educator_id, "sections": sections}


def still_sees(user: User, kept: dict[str, Any]) -> bool:
    """Whether a person may see today all that they could see when this was kept."""
    if not user.is_active:
        return False
    now = sight_kept(user)
    same = all(now[name] == kept.get(name) for name in ("role", "school", "educator"))
    return same and set(kept.get("sections", ())) <= set(now["sections"])

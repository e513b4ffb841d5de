"""The e-mail that asks another site for students' data: the text, and the parts that the asker changes.

"Since this sample may be either for a single student or an entire grade, and since you might request data from either a
school or a district, you will need to change the text in red as needed."
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from accounts.models import User
from tenants.models import District
from transfers.codes.models import Kind

WHOM: Final = "[the student's full name and grade, or: all students of grade ...]"
FROM: Final = "[the name of your school or district]"
STEPS: Final = (
    "On the Home page of your Renaissance site, select People, and then Transfer Student Data.",
    "On the Transfer Student Data page, select the Transfer Student Data tab.",
    'Choose "Whole Grade" and the school and grade, or "Individual Student" and search for the student. '
    "Only students who are currently enrolled in a school can be transferred.",
    "Select the circle next to the student's name, and Generate Transfer Code at the bottom of the page.",
    "Select Copy, and paste the code into your reply to this e-mail. I have 30 days to use it, and it works once.",
)
WHAT: Final = (
    "Star Reading, Star Math, and Star Early Literacy assessments (English and Spanish), Star CBM assessments, "
    "Accelerated Reader quiz records, and mastery information"
)


@dataclass(frozen=True)
class Part:
    """A piece of the text; one that is `to_change` is marked, in brackets and in red."""

    text: str
    to_change: bool = False


@dataclass(frozen=True)
class Wish:
    """What is asked for: the parts of the text that the asker fills in; an empty one stays to be changed."""

    kind: Kind | None = None
    whom: str = ""
    previous: str = ""


def request_subject(district: District) -> str:
    """The subject: it names no student."""
    return f"Request for a transfer code for student data, from {district.name}"


def request_parts(district: District, user: User, school: str, wish: Wish) -> list[Part]:
    """The e-mail in parts, in order.

    Args:
        school: the asker's school, where they ask for one; empty for the district.
    """
    asking = f"{school}, {district.name}" if school else district.name
    whom = _whom(wish)
    return list(_joined([
        Part("Hello,\n\nI work at "), Part(asking), Part(". "),
        Part(f"We would like to continue the Renaissance records ({WHAT}) of "),
        Part(whom or WHOM, not whom),
        Part(", who came to us from "),
        Part(wish.previous or FROM, not wish.previous),
        Part(".\n\nPlease generate a transfer code for us. These are the steps:\n\n"),
        Part("\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, 1))),
        Part("\n\nYour students and data also stay on your site for reporting. The code says nothing about anybody: "
             "please send it to me only.\n\nThank you\n"),
        Part(f"{user.name}\n{asking}\n{user.email}"),
    ]))  # fmt: skip


def as_text(parts: list[Part]) -> str:
    """The e-mail as plain text."""
    return "".join(part.text for part in parts)


def _whom(wish: Wish) -> str:
    if not wish.whom:
        return ""
    return f"the student {wish.whom}" if wish.kind == Kind.STUDENT else f"all students of {wish.whom}"


def _joined(parts: list[Part]) -> Iterator[Part]:
    """Neighbours that are alike as one."""
    held = Part("")
    for part in parts:
        if part.to_change == held.to_change:
            held = Part(held.text + part.text, part.to_change)
            continue
        yield held
        held = part
    yield held

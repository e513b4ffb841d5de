"""A letter's text, and the same as simple HTML that any mail reader and screen reader can read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string

from correspondence.placeholders import fill_text

ITEM = "- "


@dataclass(frozen=True)
class Rendered:
    """A letter as it is read."""

    subject: str
    text: str

    @property
    def blocks(self) -> list[dict[str, object]]:
        """Its paragraphs and lists, in order, for a page or an HTML part."""
        found: list[dict[str, object]] = []
        for part in re.split(r"\n\s*\n", self.text.strip()):
            lines = part.strip().split("\n")
            is_list = all(line.startswith(ITEM) for line in lines)
            found.append(
                {"is_list": is_list, "lines": [line.removeprefix(ITEM) if is_list else line for line in lines]}
            )
        return found

    @property
    def html(self) -> str:
        """The whole HTML part."""
        return render_to_string("correspondence/mail.html", {"rendered": self})


def render(subject: str, body: str, values: Mapping[str, str]) -> Rendered:
    """Fill a template's texts.

    Raises:
        PlaceholderError: a placeholder does not exist.
    """
    return Rendered(" ".join(fill_text(subject, values).split()), fill_text(body, values))

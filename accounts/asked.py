"""Reading what an address asks for: a wrong value counts as none."""

from django.http import HttpRequest

from accounts.pages import whole_number


def whole(request: HttpRequest, name: str) -> int | None:
    """A key from the address; None where there is none that makes sense."""
    return whole_number(request.GET.get(name, ""))


def choice(request: HttpRequest, name: str, choices: tuple[str, ...]) -> str:
    """One of some words from the address; the first where it is none of them."""
    text = request.GET.get(name, "")
    return text if text in choices else choices[0]
